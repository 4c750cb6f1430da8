package dev.souk.gateway;

import dev.souk.gateway.http.Answer;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.gateway.problem.Problem;
import dev.souk.kit.node.Readiness;
import io.vertx.core.Future;
import io.vertx.ext.healthchecks.CheckResult;
import java.util.List;
import java.util.Map;

/** Whether the gateway lives and takes requests, over HTTP. */
final class OperationsHandler {
    private record Health(String status) {}

    private record Check(String name, String status) {
        boolean isDown() {
            return status.equals("DOWN");
        }
    }

    private record Ready(String status, List<Check> checks, Map<String, String> services) {}

    private final Readiness readiness;
    private final ServiceStatus services;

    OperationsHandler(Readiness readiness, ServiceStatus services) {
        this.readiness = readiness;
        this.services = services;
    }

    Future<Answer> health(ApiRequest request) {
        return Future.succeededFuture(Answer.ok(new Health("UP")));
    }

    Future<Answer> ready(ApiRequest request) {
        return Future.all(readiness.checks().checkStatus(), services.ask())
                .map(asked -> answer(checks(asked.resultAt(0)), asked.resultAt(1)));
    }

    /** Only the gateway's own checks decide: while a service is away, what does not need it goes on. */
    private static Answer answer(List<Check> checks, Map<String, String> services) {
        List<Check> failing = checks.stream().filter(Check::isDown).toList();
        if (!failing.isEmpty()) {
            throw Problem.of("service-unavailable", "The gateway takes no requests now.")
                    .withMember("checks", failing)
                    .withMember("services", services)
                    .refusal();
        }
        return Answer.ok(new Ready("UP", checks, services));
    }

    private static List<Check> checks(CheckResult result) {
        return result.getChecks().stream()
                .map(check -> new Check(check.getId(), check.getUp() ? "UP" : "DOWN"))
                .toList();
    }
}
