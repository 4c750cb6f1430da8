package dev.souk.certification.model;

import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The checkout, with everything that can go wrong between its services, as often as chance can think of. The build runs
 * 10,000 schedules, and any other number with {@code -Dsouk.model.schedules=1000000}.
 *
 * <p>What is decided is decided by the services' own rules. That a transaction of theirs is one step, and does what the
 * model's tables do, is taken for granted here and shown by their own tests.
 */
final class CheckoutModelTest {
    @Property(edgeCases = EdgeCasesMode.NONE, afterFailure = AfterFailureMode.RANDOM_SEED)
    void keepsItsPromisesWhateverHappens(@ForAll("schedules") Schedule schedule) {
        Simulation.run(schedule, Plant.NONE);
    }

    @Provide
    Arbitrary<Schedule> schedules() {
        return Schedule.any();
    }
}
