package dev.souk.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.souk.gateway.problem.ProblemCatalogue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractLintTest {
    private static final ProblemCatalogue CATALOGUE = ProblemCatalogue.load();

    @Test
    void theContractLeavesNothingToGuess() throws JsonProcessingException {
        JsonNode document = new ObjectMapper().readTree(Contract.load().json());

        assertThat(ContractLint.complaints(CATALOGUE, document)).isEmpty();
    }

    /** Each fault is planted into the contract as it is, and found. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "operationId: getMe|operationId: getUser|get /api/v1/users/{userId} has no operationId of its own",
                "summary: Place an order|summary: ''|post /api/v1/orders has no summary",
                "tags: [Orders]|tags: [Order]|post /api/v1/orders has not one tag",
                "security: []|x-security: []|post /api/v1/users does not state its security",
                "status: CONFIRMED|status: CONFIRMD|get /api/v1/orders 200 has an example that is not valid",
                "example: {delta: 50|example: {dleta: 50|post /api/v1/products/{productId}/stock request has an example",
                "additionalProperties: false|x-closed: false|post /api/v1/users request takes fields",
                "maxItems: 50|x-items: 50|post /api/v1/webhooks request takes a list without end",
                "PreconditionRequired'}|PreconditionFailed'}|shows no example of [precondition-required]",
                "title: Log in first|title: Log in|problems.yaml does not have like this: unauthenticated",
                "type: /problems/out-of-stock|type: /problems/overloaded|nothing answers out-of-stock",
                "X-Request-Id: {$ref|X-Request: {$ref|does not tell the request's id",
                "headers/RetryAfterInProgress|headers/RetryAfter|#/components/headers/RetryAfterInProgress is not used"
            })
    void everyRuleCanBeBroken(String what, String instead, String complaint) throws JsonProcessingException {
        String yaml = Contract.load().yaml();
        assertThat(yaml).contains(what);

        JsonNode broken = new YAMLMapper().readTree(yaml.replace(what, instead));

        assertThat(ContractLint.complaints(CATALOGUE, broken))
                .anySatisfy(found -> assertThat(found).contains(complaint));
    }
}
