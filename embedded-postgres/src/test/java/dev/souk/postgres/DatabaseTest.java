package dev.souk.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.souk.postgres.EmbeddedPostgres.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseTest {

    @Test
    void theUrlHoldsEverythingAndThePrintedFormNoPassword() {
        Database database = new Database("127.0.0.1", 20001, "orders", "orders", "s3cr3t/ +");
        assertThat(database.url()).isEqualTo("postgresql://orders:s3cr3t%2F%20%2B@127.0.0.1:20001/orders");
        assertThat(database).hasToString("Database[postgresql://orders:***@127.0.0.1:20001/orders]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Orders", "1st", "a-b", "a\"b", "pg_orders", "postgres", "template1", "public"})
    void namesThatNeedQuotingOrBelongToPostgresAreRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Database.checkName(name))
                .withMessageContaining("name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "souk_orders_2", "postgres_audit", "o"})
    void plainNamesAreTaken(String name) {
        Database.checkName(name);
    }
}
