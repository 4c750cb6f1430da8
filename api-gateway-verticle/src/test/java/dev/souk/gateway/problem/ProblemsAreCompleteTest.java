package dev.souk.gateway.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Fault;
import dev.souk.gateway.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemsAreCompleteTest {
    private static final ProblemCatalogue CATALOGUE = ProblemCatalogue.load();
    private static final Pattern TOLD_IN_CODE = Pattern.compile("(?:Problem\\.of|refusal)\\(\\s*\"([a-z-]+)\"");

    @ParameterizedTest
    @EnumSource(Fault.Code.class)
    void everyFaultIsAKnownProblem(Fault.Code code) {
        Problem problem = FaultProblems.problem(Fault.of(code, "words"));

        assertThat(CATALOGUE.find(problem.slug())).isPresent();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.Code.class,
            names = {"INTERNAL", "TIMEOUT", "UNAVAILABLE"})
    void whatIsMeantForTheOperatorIsNotTold(Fault.Code code) {
        Problem problem = FaultProblems.problem(Fault.of(code, "order.place on node-7"));

        assertThat(problem.detail()).doesNotContain("node-7").isNotBlank();
    }

    @Test
    void everyProblemIsInTheContract() {
        String contract = Contract.load().yaml();

        Set<String> unmentioned = slugs().filter(slug -> !contract.contains("type: /problems/" + slug + "\n"))
                .collect(Collectors.toSet());

        assertThat(unmentioned).isEmpty();
    }

    @Test
    void everyProblemOfTheContractIsKnownWithItsStatusAndTitle() {
        Pattern example =
                Pattern.compile("type: /problems/([a-z-]+)\\s+title: (.+)\\s+status: ([0-9]+)", Pattern.MULTILINE);
        Matcher examples = example.matcher(Contract.load().yaml());

        Set<String> wrong = examples.results()
                .filter(found -> CATALOGUE
                        .find(found.group(1))
                        .filter(kind -> kind.title().equals(found.group(2))
                                && kind.status() == Integer.parseInt(found.group(3)))
                        .isEmpty())
                .map(MatchResult::group)
                .collect(Collectors.toSet());

        assertThat(wrong).isEmpty();
    }

    @Test
    void everyProblemThatTheCodeNamesIsKnown() throws IOException {
        Set<String> named = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            sources.filter(Files::isRegularFile)
                    .map(ProblemsAreCompleteTest::read)
                    .flatMap(source -> TOLD_IN_CODE.matcher(source).results())
                    .map(told -> told.group(1))
                    .forEach(named::add);
        }

        assertThat(named).contains("out-of-stock", "payload-too-large").isSubsetOf(slugs().toList());
    }

    private static Stream<String> slugs() {
        return CATALOGUE.all().stream().map(ProblemCatalogue.Kind::slug);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
