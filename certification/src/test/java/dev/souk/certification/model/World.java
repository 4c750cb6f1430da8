package dev.souk.certification.model;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Virtual time, and everything that is on its way in it. Nothing happens but the next thing that is due, and what is due
 * when, how often or never, the schedule draws. Time is in milliseconds.
 */
final class World {
    /** Until here messages are lost, doubled and late, and instances crash and sleep. */
    static final long FAULTS_END = 15_000;
    /** How late a message may be. */
    static final long LATEST = 10_000;
    /** What was late has come by then. */
    static final long LAST_FAULT = FAULTS_END + LATEST;

    private static final int MISHAPS_PER_MILLE = 6;

    final Schedule schedule;
    private final Plant plant;
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private final Map<Sight, Integer> sights = new EnumMap<>(Sight.class);
    private final Map<UUID, String> names = new HashMap<>();
    private final List<String> trace = new ArrayList<>();
    private final boolean tracing;
    private final int lossPerMille;
    private final int doublingPerMille;
    private final int latenessPerMille;
    private BooleanSupplier settled = () -> true;
    private boolean isChanged;
    private int ticks;
    private long now;
    private long numbered;
    private long ids;

    private record Due(long at, long number, Runnable action) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
        }
    }

    World(Schedule schedule, Plant plant, boolean tracing) {
        schedule.rewind();
        this.schedule = schedule;
        this.plant = plant;
        this.tracing = tracing;
        this.lossPerMille = schedule.oneOf(0, 30, 150);
        this.doublingPerMille = schedule.oneOf(0, 50, 250);
        this.latenessPerMille = schedule.oneOf(0, 30, 150);
    }

    long now() {
        return now;
    }

    boolean isCalm() {
        return now >= FAULTS_END;
    }

    boolean has(Plant bug) {
        return plant == bug;
    }

    UUID newId() {
        return new UUID(0, ++ids);
    }

    /** What the trace is to call it. */
    void name(UUID id, String name) {
        names.put(id, name);
    }

    String nameOf(UUID id) {
        return names.getOrDefault(id, id.toString());
    }

    void after(long millis, Runnable action) {
        due.add(new Due(now + millis, numbered++, action));
    }

    /** The same for what is done again and again, and is no reason to go on when nothing else is on its way. */
    void tick(long millis, Runnable action) {
        ticks++;
        after(millis, () -> {
            ticks--;
            action.run();
        });
    }

    /** @param condition that nothing is left to do for those who look for it again and again */
    void settledWhen(BooleanSupplier condition) {
        settled = condition;
    }

    boolean isOver() {
        return now >= LAST_FAULT && due.size() == ticks && settled.getAsBoolean();
    }

    /** Something was written where it lasts. */
    void change() {
        isChanged = true;
    }

    /** Whether there was any change since this was last asked. */
    boolean hasChanged() {
        boolean was = isChanged;
        isChanged = false;
        return was;
    }

    /** Lets the next thing happen. False if there is none. */
    boolean step() {
        Due next = due.poll();
        if (next == null) {
            return false;
        }
        now = next.at();
        next.action().run();
        return true;
    }

    /** A message, as often as it comes. */
    void message(Supplier<String> what, Runnable arrival) {
        int fate = isCalm() ? 0 : schedule.below(1000);
        if (fate >= 1000 - lossPerMille) {
            saw(Sight.MESSAGE_LOST);
            note("~", () -> "lost: " + what.get());
            return;
        }
        after(travel(), arrival);
        if (fate >= 1000 - lossPerMille - doublingPerMille) {
            saw(Sight.MESSAGE_DOUBLED);
            note("~", () -> "doubled: " + what.get());
            after(travel(), arrival);
        }
    }

    private long travel() {
        if (!isCalm() && schedule.chance(latenessPerMille)) {
            saw(Sight.MESSAGE_LATE);
            return schedule.oneOf(500L, 2_500L, 6_000L, LATEST);
        }
        return 1 + schedule.below(8);
    }

    /**
     * A transaction on a database, whole or not at all. Its answer may be lost, and then it is not known whether it was
     * committed; and who asked may crash or fall asleep at that moment.
     */
    <R> void transact(Instance by, Supplier<R> work, Consumer<R> then, Runnable failed) {
        Mishap mishap = mishap();
        int life = by.life();
        after(1, () -> {
            isChanged = true;
            R result = mishap == Mishap.NOT_DONE ? null : work.get();
            switch (mishap) {
                case CRASH -> by.crash(schedule.oneOf(50L, 500L, 3_000L));
                case SLEEP -> by.sleep(schedule.oneOf(50L, 1_500L, 4_000L, 12_000L));
                default -> {}
            }
            after(
                    1 + schedule.below(2),
                    () -> by.wake(life, () -> {
                        if (mishap == Mishap.NOT_DONE || mishap == Mishap.NOT_TOLD) {
                            saw(Sight.COMMIT_UNKNOWN);
                            note(by.name(), () -> "a commit's answer is lost: " + mishap);
                            failed.run();
                        } else {
                            then.accept(result);
                        }
                    }));
        });
    }

    private enum Mishap {
        NONE,
        NOT_DONE,
        NOT_TOLD,
        CRASH,
        SLEEP
    }

    private Mishap mishap() {
        if (isCalm() || !schedule.chance(4 * MISHAPS_PER_MILLE)) {
            return Mishap.NONE;
        }
        return schedule.oneOf(Mishap.NOT_DONE, Mishap.NOT_TOLD, Mishap.CRASH, Mishap.SLEEP);
    }

    void saw(Sight sight) {
        sights.merge(sight, 1, Integer::sum);
    }

    Map<Sight, Integer> sights() {
        return sights;
    }

    void note(String who, Supplier<String> what) {
        if (tracing) {
            trace.add(String.format(Locale.ROOT, "%8.3f  %-14s %s", now / 1000.0, who, what.get()));
        }
    }

    List<String> trace() {
        return trace;
    }
}
