package dev.souk.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the contract shows is what it says. */
class ExamplesTest {
    private static final Map<String, JsonNode> CONTENTS = contents();

    @ParameterizedTest
    @MethodSource("places")
    void anExampleFitsItsSchema(String place) {
        JsonNode content = CONTENTS.get(place);
        InputSchema schema = InputSchema.compile(content.path("schema"));

        assertThat(examples(content))
                .isNotEmpty()
                .allSatisfy(example -> assertThat(schema.check(example)).isEmpty());
    }

    @Test
    void everyAnswerHasItsContents() {
        assertThat(CONTENTS).hasSizeGreaterThan(100);
    }

    static Stream<String> places() {
        return CONTENTS.keySet().stream();
    }

    private static List<JsonNode> examples(JsonNode content) {
        List<JsonNode> examples = new ArrayList<>();
        if (content.has("example")) {
            examples.add(content.get("example"));
        }
        content.path("examples").forEach(example -> examples.add(example.path("value")));
        return examples;
    }

    private static Map<String, JsonNode> contents() {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        AnswerSchemas.contents(AnswerSchemas.document().path("paths"), "", found);
        return found;
    }
}
