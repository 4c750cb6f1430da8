package dev.souk.gateway;

import dev.souk.gateway.contract.Contract;
import dev.souk.gateway.problem.ProblemCatalogue;

/** What the gateway reads from its class path when it starts. */
record GatewayFiles(Contract contract, ProblemCatalogue problems, DocsFiles docs) {
    /** Blocks. */
    static GatewayFiles load() {
        return new GatewayFiles(Contract.load(), ProblemCatalogue.load(), DocsFiles.load());
    }
}
