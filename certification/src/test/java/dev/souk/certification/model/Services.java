package dev.souk.certification.model;

import java.util.List;

/** The instances of one service. Whoever calls picks one of them, without knowing whether it lives. */
record Services<S>(World world, List<S> instances) {
    S pick() {
        return instances.get(world.schedule.below(instances.size()));
    }
}
