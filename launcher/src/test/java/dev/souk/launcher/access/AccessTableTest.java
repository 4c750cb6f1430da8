package dev.souk.launcher.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.gateway.contract.Contract;
import dev.souk.gateway.contract.ContractOperation;
import dev.souk.launcher.access.AccessTable.Actor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTableTest {
    private static final AccessTable TABLE = AccessTable.load();
    private static final List<ContractOperation> OPERATIONS = Contract.load().operations();
    private static final String HEAD = "operation nobody other owner admin";

    @Test
    void everyOperationHasARowAndEveryRowAnOperation() {
        assertThat(TABLE.operations())
                .containsExactlyInAnyOrderElementsOf(
                        OPERATIONS.stream().map(ContractOperation::id).toList());
    }

    @Test
    void agreesWithTheContractOnWhoMustBeKnown() {
        assertThat(OPERATIONS).allSatisfy(operation -> {
            assertThat(TABLE.expected(operation.id(), Actor.NOBODY) == 401)
                    .as(operation.id())
                    .isEqualTo(operation.authenticated());
            assertThat(TABLE.expected(operation.id(), Actor.OWNER) == 403)
                    .as(operation.id())
                    .isEqualTo(operation.role().isPresent());
        });
    }

    @Test
    void everyCellThatIsNoRefusalIsAnAnswerOfTheContract() {
        assertThat(OPERATIONS)
                .allSatisfy(operation -> assertThat(TABLE.expected(operation.id(), Actor.ADMIN))
                        .as(operation.id())
                        .isBetween(200, 299));
    }

    @ParameterizedTest
    @ValueSource(strings = {"getOrder 401 404 200", "getOrder 401 404 200 ?", "getOrder 401 404 200 200 200"})
    void noCellStaysOpen(String row) {
        assertThatThrownBy(() -> AccessTable.parse(List.of(HEAD, row))).hasMessageContaining("getOrder: must have");
    }

    @Test
    void oneRowEach() {
        String row = "getOrder 401 404 200 200";

        assertThatThrownBy(() -> AccessTable.parse(List.of(HEAD, row, row))).hasMessageContaining("two rows");
        assertThatThrownBy(() -> AccessTable.parse(List.of(row))).hasMessageContaining("first row");
    }
}
