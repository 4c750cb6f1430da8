package dev.souk.launcher.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.gateway.contract.AnswerSchemas;
import dev.souk.gateway.contract.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ShotsTest {
    private static final Shots.Tokens TOKENS = new Shots.Tokens("customer", "admin", "other");

    @Test
    void theSameSeedMakesTheSameRequests() {
        List<String> first = shots(7);

        assertThat(shots(7)).isEqualTo(first);
        assertThat(shots(8)).isNotEqualTo(first);
    }

    @Test
    void someAreRightAndSomeAreForbidden() {
        Shots shots = new Shots(1, new Things(), TOKENS);

        List<Shot> withBody = LongStream.range(0, 2_000)
                .mapToObj(shots::shot)
                .filter(shot -> shot.operation().equals("placeOrder"))
                .toList();

        assertThat(withBody).anyMatch(Shot::forbidden).anyMatch(shot -> !shot.forbidden());
    }

    @Test
    void everyOperationIsAskedFor() {
        Shots shots = new Shots(1, new Things(), TOKENS);

        assertThat(LongStream.range(0, 5_000).mapToObj(shots::shot).map(Shot::operation))
                .containsAll(shots.operations());
    }

    @Test
    void everySeedMakesAllOfItsRequests() {
        for (long seed = 1; seed <= 5; seed++) {
            Shots shots = new Shots(seed, new Things(), TOKENS);

            assertThat(LongStream.range(0, 20_000).mapToObj(shots::shot)).hasSize(20_000);
        }
    }

    @Test
    void whatIsMadeRightIsAllowed() {
        Values values = new Values(new Things());
        Random random = new Random(1);

        List<JsonNode> schemas = new ArrayList<>();
        JsonNode paths = AnswerSchemas.document().path("paths");
        paths.findValues("requestBody").forEach(body -> schemas.addAll(body.findValues("schema")));
        paths.findValues("parameters").forEach(parameters -> schemas.addAll(parameters.findValues("schema")));

        assertThat(schemas)
                .hasSizeGreaterThan(50)
                .allSatisfy(schema -> assertThat(
                                IntStream.range(0, 20).mapToObj(any -> values.valid("any", schema, random)))
                        .allMatch(value -> AnswerSchemas.allows(schema, value), "is allowed by " + schema));
    }

    @Test
    void theJudgeFindsWhatIsPlanted() {
        Judge judge = new Judge();
        Shot shot = new Shot("getMe", "GET", "/api/v1/users/me", List.of(), null, true);

        judge.judge(1, shot, answer(500, "{}"));
        judge.judge(2, shot, answer(200, "{\"trace\":\"java.lang.NullPointerException\"}"));

        assertThat(judge.findings())
                .anySatisfy(found -> assertThat(found).startsWith("getMe: the answer is a 500"))
                .anySatisfy(found -> assertThat(found).startsWith("getMe: the answer tells of the inside"))
                .anySatisfy(found -> assertThat(found).startsWith("getMe: the answer is a 200 for what"))
                .anySatisfy(found -> assertThat(found).startsWith("getMe: the answer /trace is not allowed"));
        assertThat(judge.neverServed(List.of("getMe", "getUser"))).containsExactly("getUser");
    }

    private static List<String> shots(long seed) {
        Shots shots = new Shots(seed, new Things(), TOKENS);
        return LongStream.range(0, 200)
                .mapToObj(shots::shot)
                .map(Shot::toString)
                .toList();
    }

    private static Exchange answer(int status, String body) {
        return new Exchange(
                "GET",
                "/api/v1/users/me",
                status,
                Map.of("Content-Type", List.of("application/json"), "X-Request-Id", List.of("1")),
                body);
    }
}
