package dev.souk.certification.model;

import java.util.BitSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.ShrinkingDistance;

/**
 * What chance decides in one run, draw by draw. The seed says it all; in a schedule that was shrunk some draws are quiet,
 * which means 0: no fault, the shortest way, the first choice.
 */
final class Schedule {
    /** Where splitmix64 takes its next step. */
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private final long seed;
    private final BitSet quiet;
    private int drawn;

    private Schedule(long seed, BitSet quiet) {
        this.seed = seed;
        this.quiet = quiet;
    }

    static Schedule of(long seed) {
        return new Schedule(seed, new BitSet());
    }

    /** Schedules of all seeds; one that fails is shrunk to as few draws that are not quiet as can be found. */
    static Arbitrary<Schedule> any() {
        return Arbitraries.fromGenerator(random -> new Quieting(of(random.nextLong())));
    }

    /** Draws the same again from the beginning. */
    void rewind() {
        drawn = 0;
    }

    /** From 0 on; 0 is the calmest there is. */
    int below(int bound) {
        int draw = drawn++;
        return quiet.get(draw) ? 0 : (int) ((mixed(seed + (draw + 1) * GOLDEN_GAMMA) >>> 33) % bound);
    }

    /** Happens so often of a thousand times, and never in quiet. */
    boolean chance(int perMille) {
        return below(1000) >= 1000 - perMille;
    }

    /** One of them, the first in quiet. */
    @SafeVarargs
    final <T> T oneOf(T... choices) {
        return choices[below(choices.length)];
    }

    /** So many times something, none in quiet. */
    <T> Stream<T> upTo(int most, IntFunction<T> make) {
        return IntStream.range(0, below(most + 1)).mapToObj(make);
    }

    @Override
    public String toString() {
        return quiet.isEmpty() ? "seed " + seed : "seed " + seed + ", all but " + loud() + " draws quiet";
    }

    private int loud() {
        return drawn - quiet.get(0, drawn).cardinality();
    }

    /** The finalizer of splitmix64. */
    private static long mixed(long value) {
        long half = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        long whole = (half ^ (half >>> 27)) * 0x94D049BB133111EBL;
        return whole ^ (whole >>> 31);
    }

    /** Shrinks by quieting: all that was drawn, then halves of it, then quarters, down to single draws. */
    private record Quieting(Schedule schedule) implements Shrinkable<Schedule> {
        @Override
        public Schedule value() {
            return schedule;
        }

        @Override
        public Stream<Shrinkable<Schedule>> shrink() {
            int drawn = schedule.drawn;
            return IntStream.iterate(drawn, width -> width > 0, width -> width / 2)
                    .boxed()
                    .flatMap(width -> IntStream.iterate(0, from -> from < drawn, from -> from + width)
                            .mapToObj(from -> quieted(from, Math.min(from + width, drawn))))
                    .flatMap(candidate -> candidate);
        }

        private Stream<Shrinkable<Schedule>> quieted(int from, int to) {
            if (schedule.quiet.nextClearBit(from) >= to) {
                return Stream.of();
            }
            BitSet more = (BitSet) schedule.quiet.clone();
            more.set(from, to);
            return Stream.of(new Quieting(new Schedule(schedule.seed, more)));
        }

        @Override
        public ShrinkingDistance distance() {
            return ShrinkingDistance.of(Integer.MAX_VALUE - schedule.quiet.cardinality());
        }
    }
}
