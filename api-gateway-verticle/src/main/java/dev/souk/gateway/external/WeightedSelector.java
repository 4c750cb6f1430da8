package dev.souk.gateway.external;

import io.vertx.core.net.endpoint.ServerSelector;
import java.util.List;

/**
 * Takes instances by their weights, and each as far from its last turn as they allow (the smooth weighted round robin of
 * nginx): of weights 3 and 1, the heavy one does not get its three in a row.
 */
final class WeightedSelector implements ServerSelector {
    private final int[] weights;
    private final int[] owed;
    private final int total;

    WeightedSelector(List<Integer> weights) {
        this.weights = weights.stream().mapToInt(Integer::intValue).toArray();
        this.owed = new int[this.weights.length];
        this.total = weights.stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public int select() {
        int chosen = -1;
        for (int i = 0; i < weights.length; i++) {
            owed[i] += weights[i];
            if (chosen < 0 || owed[i] > owed[chosen]) {
                chosen = i;
            }
        }
        if (chosen >= 0) {
            owed[chosen] -= total;
        }
        return chosen;
    }
}
