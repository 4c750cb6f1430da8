package dev.souk.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Users;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class AccountCheckTest {
    private KnownUsers users;
    private AccountCheck accounts;

    @BeforeEach
    void open(Vertx vertx) {
        ServiceFixture fixture = ServiceFixture.deploy(vertx, Map.of());
        users = new KnownUsers(fixture.context());
        accounts = new AccountCheck(fixture.context().bus());
    }

    @Test
    void anAccountIsAskedForOnce() {
        Caller ada = users.register();

        require(ada);
        require(ada);
        require(users.register());

        assertThat(users.disturbances().asked(Users.GET)).isEqualTo(2);
    }

    @Test
    void anAccountThatWasNotThereIsAskedForAgain() {
        Caller ada = users.register();
        users.remove(ada);

        assertThat(ServiceFixture.refusal(() -> require(ada))).isEqualTo(Fault.Code.UNAUTHENTICATED);
        assertThat(ServiceFixture.refusal(() -> require(ada))).isEqualTo(Fault.Code.UNAUTHENTICATED);

        assertThat(users.disturbances().asked(Users.GET)).isEqualTo(2);
    }

    @Test
    void thatUsersAreAwayIsNotHeldAgainstAnAccount() {
        Caller ada = users.register();
        users.disturbances().refuse(Users.GET);

        assertThat(ServiceFixture.refusal(() -> require(ada))).isEqualTo(Fault.Code.UNAVAILABLE);
        users.disturbances().mend(Users.GET);
        require(ada);
    }

    private void require(Caller caller) {
        CallContext call = new CallContext("request", Optional.of(caller), Deadline.in(Duration.ofSeconds(20)));
        ServiceFixture.await(accounts.require(caller, call));
    }
}
