package dev.souk.certification.model;

import java.util.Map;

/**
 * One run of the whole checkout: faults for a while, then quiet until nothing is on its way any more. The invariants are
 * checked after each step, a minute after the last fault, and at the end.
 */
final class Simulation {
    private static final long MOST_TO_SETTLE = 60_000;
    private static final long MOST_TO_END = 600_000;

    private final World world;
    private final Shop shop;
    private final Invariants invariants;

    private Simulation(World world) {
        this.world = world;
        this.shop = new Shop(world);
        this.invariants = new Invariants(shop);
    }

    /**
     * Runs it.
     *
     * @return how often rare things were seen
     * @throws Broken with everything that happened up to there, if what must always hold does not
     */
    static Map<Sight, Integer> run(Schedule schedule, Plant plant) {
        try {
            World world = new World(schedule, plant, false);
            new Simulation(world).run();
            return world.sights();
        } catch (Broken broken) {
            World world = new World(schedule, plant, true);
            throw new Broken(retold(world, broken) + "\n(" + schedule + ")", broken);
        }
    }

    private static String retold(World world, Broken broken) {
        try {
            new Simulation(world).run();
        } catch (Broken again) {
            return again.getMessage() + "\n" + String.join("\n", world.trace());
        }
        return broken.getMessage() + "\nand not when it was run again: the model is not a function of its schedule";
    }

    private void run() {
        boolean isSettled = false;
        while (step()) {
            if (world.hasChanged()) {
                invariants.checkNow();
            }
            if (!isSettled && world.now() >= World.LAST_FAULT + MOST_TO_SETTLE) {
                invariants.checkSettled();
                isSettled = true;
            }
            if (world.now() > MOST_TO_END) {
                throw new Broken("6. settled: there is no end");
            }
        }
        invariants.checkEnd();
    }

    private boolean step() {
        try {
            return world.step();
        } catch (IllegalStateException refusal) {
            throw new Broken("a rule says that this cannot be: " + refusal.getMessage(), refusal);
        }
    }
}
