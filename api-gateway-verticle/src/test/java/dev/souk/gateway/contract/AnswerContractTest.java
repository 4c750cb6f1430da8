package dev.souk.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The judge of all answers can say no. */
class AnswerContractTest {
    private static final AnswerContract CONTRACT = AnswerContract.ofTheGateway();
    private static final String ID = "019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071";
    private static final String USER = "{\"id\":\"" + ID
            + "\",\"name\":\"Ada\",\"email\":\"a@b\",\"role\":\"customer\",\"createdAt\":\"2026-01-15T09:30:00Z\"}";

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/users/me", "/api/v1/users/" + ID, "/api/v1/users/" + ID + "?a=b"})
    void allowsWhatIsWrittenThere(String target) {
        assertThat(CONTRACT.violations(json("GET", target, 200, USER))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"role\":\"customer\"|\"role\":\"boss\"|/role must be one of customer, admin",
                "\"name\":\"Ada\",||/name is missing",
                "\"name\":\"Ada\"|\"name\":7|/name must be a string",
                "\"name\":\"Ada\"|\"name\":\"Ada\",\"hash\":\"x\"|/hash is not allowed",
                "2026-01-15T09:30:00Z|yesterday|/createdAt must be a date-time",
                "{\"id\"|{\"id\":1,\"id\"|is not JSON"
            })
    void refusesABodyThatIsNotAsItIsWritten(String what, String instead, String violation) {
        String body = USER.replace(what, instead == null ? "" : instead);

        assertThat(CONTRACT.violations(json("GET", "/api/v1/users/me", 200, body)))
                .anySatisfy(found -> assertThat(found).contains(violation));
    }

    @Test
    void refusesAStatusThatIsNotListed() {
        assertThat(CONTRACT.violations(json("GET", "/api/v1/users/me", 201, USER)))
                .singleElement()
                .asString()
                .startsWith("has the status 201, not one of [200, 304, 400, 401");
        assertThat(CONTRACT.violations(problem("GET", "/api/v1/users/me", "not-found", "Not found", 404)))
                .isNotEmpty();
        assertThat(CONTRACT.violations(problem("GET", "/api/v1/nowhere", "not-found", "Not found", 404)))
                .isEmpty();
    }

    @Test
    void refusesAnotherMediaTypeAndABodyWhereThereIsNone() {
        assertThat(CONTRACT.violations(
                        with(answer("GET", "/api/v1/users/me", 200, USER, "text/plain"), "ETag", "\"a\"")))
                .singleElement()
                .asString()
                .startsWith("is 'text/plain'");
        assertThat(CONTRACT.violations(json("DELETE", "/api/v1/products/" + ID, 204, "{}")))
                .containsExactly("has a body, or a type of one");
    }

    @Test
    void refusesHeadersThatAreMissingOrWrongOrNotWrittenThere() {
        assertThat(CONTRACT.violations(with(json("GET", "/api/v1/users/me", 200, USER), "X-Request-Id")))
                .containsExactly("lacks the header X-Request-Id");
        assertThat(CONTRACT.violations(with(json("GET", "/api/v1/users/me", 200, USER), "Location", "/")))
                .containsExactly("has the header Location, which the contract does not give it");
        assertThat(CONTRACT.violations(with(unavailable(), "Retry-After", "soon")))
                .containsExactly("header Retry-After: soon must be a whole number");
        assertThat(CONTRACT.violations(with(unavailable(), "Retry-After", "1", "2")))
                .containsExactly("has the header Retry-After more than once");
        assertThat(CONTRACT.violations(unavailable())).containsExactly("lacks the header Retry-After");
    }

    @Test
    void refusesAProblemThatTheOperationDoesNotShow() {
        assertThat(CONTRACT.violations(problem("POST", "/api/v1/users", "sku-taken", "The SKU is taken", 409)))
                .singleElement()
                .asString()
                .contains("is /problems/sku-taken, which is not among the examples");
        assertThat(CONTRACT.violations(problem("POST", "/api/v1/users", "email-taken", "Taken", 409)))
                .containsExactly("has a title of its own");
        assertThat(CONTRACT.violations(
                        with(problem("GET", "/nowhere", "not-found", "Not found", 404), "X-Request-Id", "another")))
                .containsExactly("names another request as its instance");
    }

    @Test
    void readsAnOddPathAsTheGatewayMay() {
        assertThat(CONTRACT.violations(json("GET", "/api/v1/./users//%6de", 200, USER)))
                .isEmpty();
        assertThat(CONTRACT.violations(json("GET", "/api/v1/users/me/", 200, USER)))
                .isEmpty();
        assertThat(CONTRACT.violations(json("GET", "/api/v1/users/me/x", 200, USER)))
                .isNotEmpty();
    }

    @Test
    void refusesAnAnswerWithoutWhatEveryAnswerCarries() {
        assertThat(CONTRACT.violations(with(json("GET", "/api/v1/users/me", 200, USER), "Cache-Control")))
                .containsExactly("lacks the header Cache-Control");
    }

    @Test
    void takesSomeoneElsesAnswerAsItStandsWhereItIsPassedOn() throws JsonProcessingException {
        AnswerContract proxying = new AnswerContract(new YAMLMapper().readTree("""
                paths:
                  /ext/{service}/{path}:
                    get:
                      operationId: getFromService
                      x-souk-proxied: true
                      responses:
                        '404': {description: none, headers: {X-Request-Id: {required: true, schema: {type: string}}}}
                        default: {description: any, headers: {X-Request-Id: {required: true, schema: {type: string}}}}
                """));

        assertThat(proxying.violations(json("GET", "/ext/a/b/c", 299, "anything")))
                .isEmpty();
        assertThat(proxying.violations(json("GET", "/ext/a/b", 404, "{}"))).isEmpty();
        assertThat(proxying.violations(with(json("GET", "/ext/a/b", 200, "{}"), "X-Request-Id")))
                .containsExactly("lacks the header X-Request-Id");
        assertThat(proxying.violations(json("PUT", "/ext/a/b", 200, "{}"))).isNotEmpty();
    }

    @Test
    void tellsWhatIsWrong() {
        assertThatThrownBy(() -> CONTRACT.require(json("GET", "/api/v1/users/me", 202, USER)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("has the status 202")
                .hasMessageContaining("GET /api/v1/users/me -> 202");
    }

    private static Exchange unavailable() {
        return problem("GET", "/api/v1/users/me", "service-unavailable", "Not available right now", 503);
    }

    private static Exchange problem(String method, String target, String slug, String title, int status) {
        String body = "{\"type\":\"/problems/" + slug + "\",\"title\":\"" + title + "\",\"status\":" + status
                + ",\"detail\":\"words\",\"instance\":\"r-1\"}";
        return answer(method, target, status, body, "application/problem+json");
    }

    private static Exchange json(String method, String target, int status, String body) {
        Exchange answer = answer(method, target, status, body, "application/json");
        return body.contains(ID) ? with(answer, "ETag", "\"a\"") : answer;
    }

    private static Exchange answer(String method, String target, int status, String body, String type) {
        return new Exchange(
                method,
                target,
                status,
                Map.of(
                        "content-type", List.of(type),
                        "X-Request-Id", List.of("r-1"),
                        "X-Content-Type-Options", List.of("nosniff"),
                        "Content-Security-Policy", List.of("default-src 'none'"),
                        "Referrer-Policy", List.of("no-referrer"),
                        "Cache-Control", List.of("no-store")),
                body);
    }

    private static Exchange with(Exchange exchange, String header, String... values) {
        Map<String, List<String>> headers = new HashMap<>(exchange.headers());
        headers.put(header, List.of(values));
        return new Exchange(exchange.method(), exchange.target(), exchange.status(), headers, exchange.body());
    }
}
