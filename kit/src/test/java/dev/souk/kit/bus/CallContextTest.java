package dev.souk.kit.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Fault;
import dev.souk.kit.testing.ServiceFixture;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallContextTest {
    @Test
    void aDeadlineThatHasPassedHasNothingLeft() {
        Deadline passed = Deadline.in(Duration.ofSeconds(-1));

        assertThat(passed.hasPassed()).isTrue();
        assertThat(passed.remaining()).isZero();
    }

    @Test
    void aDeadlineToComeHasTimeLeft() {
        Deadline later = Deadline.in(Duration.ofMinutes(1));

        assertThat(later.hasPassed()).isFalse();
        assertThat(later.remaining()).isBetween(Duration.ofSeconds(50), Duration.ofMinutes(1));
    }

    @Test
    void aDeadlineStaysRightWhenTheClockWrapsRound() {
        Deadline beforeTheWrap = new Deadline(System.nanoTime() + Long.MAX_VALUE / 2);

        assertThat(beforeTheWrap.hasPassed()).isFalse();
    }

    @Test
    void withinShortensADeadline() {
        CallContext context = CallContext.ofService("request-1", Duration.ofMinutes(1));

        CallContext shorter = context.within(Duration.ofSeconds(1));

        assertThat(shorter.deadline().remaining()).isLessThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(shorter.requestId()).isEqualTo("request-1");
    }

    @Test
    void withinNeverLengthensADeadline() {
        CallContext context = CallContext.ofService("request-1", Duration.ofSeconds(1));

        assertThat(context.within(Duration.ofMinutes(1))).isEqualTo(context);
    }

    @Test
    void nobodyIsRefusedWhereSomebodyIsNeeded() {
        CallContext nobody = CallContext.ofService("request-1", Duration.ofSeconds(1));

        assertThat(ServiceFixture.refusal(nobody::requireCaller)).isEqualTo(Fault.Code.UNAUTHENTICATED);
        assertThat(ServiceFixture.refusal(nobody::requireAdmin)).isEqualTo(Fault.Code.UNAUTHENTICATED);
    }

    @Test
    void onlyAnAdminIsAnAdmin() {
        Deadline deadline = Deadline.in(Duration.ofSeconds(1));
        CallContext customer = new CallContext("request-1", Optional.of(ServiceFixture.customer()), deadline);
        CallContext admin = new CallContext("request-1", Optional.of(ServiceFixture.admin()), deadline);

        assertThat(ServiceFixture.refusal(customer::requireAdmin)).isEqualTo(Fault.Code.FORBIDDEN);
        assertThat(admin.requireAdmin().isAdmin()).isTrue();
    }

    @Test
    void everyPartIsNeeded() {
        Deadline deadline = Deadline.in(Duration.ofSeconds(1));

        assertThatThrownBy(() -> new CallContext(null, Optional.empty(), deadline))
                .hasMessage("requestId");
        assertThatThrownBy(() -> new CallContext("request-1", null, deadline)).hasMessage("caller");
        assertThatThrownBy(() -> new CallContext("request-1", Optional.empty(), null))
                .hasMessage("deadline");
    }
}
