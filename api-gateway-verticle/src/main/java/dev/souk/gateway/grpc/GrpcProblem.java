package dev.souk.gateway.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Violation;
import dev.souk.gateway.http.DeadlinePassed;
import dev.souk.gateway.http.Problems;
import dev.souk.gateway.problem.FaultProblems;
import dev.souk.gateway.problem.Problem;
import dev.souk.gateway.problem.ProblemCatalogue;
import io.vertx.grpc.common.GrpcStatus;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A problem as a gRPC client is told of it: the same kinds and words as over HTTP, with the standard details
 * ({@code google.rpc.Status}). The kind is the {@code reason} of the {@code ErrorInfo}, {@code OUT_OF_STOCK} for
 * {@code out-of-stock}; members of the problem are its metadata.
 */
record GrpcProblem(GrpcStatus status, Problem problem) {
    private static final String DOMAIN = "souk";
    /** Clients take 8 KiB of trailers as a rule, and these are written in Base64. */
    private static final int MAX_VIOLATIONS_BYTES = 4 * 1024;

    /** What a failure is; one that nobody expected is logged. */
    static GrpcProblem of(Throwable failure, ProblemCatalogue catalogue, String requestId) {
        Throwable told = failure instanceof DeadlinePassed ? Fault.of(Fault.Code.TIMEOUT, "") : failure;
        Problem problem = Problems.problem(told, requestId);
        GrpcStatus status = told instanceof Fault fault
                ? GrpcStatuses.of(fault.code())
                : GrpcStatuses.of(catalogue.kind(problem.slug()).status());
        return new GrpcProblem(status, problem);
    }

    /** The details, small enough to be sent as a trailer. */
    Status details(String requestId) {
        Status.Builder details = Status.newBuilder()
                .setCode(status.code)
                .setMessage(problem.detail())
                .addDetails(Any.pack(errorInfo()))
                .addDetails(Any.pack(RequestInfo.newBuilder()
                        .setRequestId(problem.instance().orElse(requestId))
                        .build()));
        if (!problem.errors().isEmpty()) {
            details.addDetails(Any.pack(badRequest(problem.errors())));
        }
        retryAfter().ifPresent(retry -> details.addDetails(Any.pack(retry)));
        return details.build();
    }

    private ErrorInfo errorInfo() {
        ErrorInfo.Builder info = ErrorInfo.newBuilder()
                .setReason(problem.slug().replace('-', '_').toUpperCase(Locale.ROOT))
                .setDomain(DOMAIN);
        problem.members().forEach((name, value) -> info.putMetadata(name, value.toString()));
        return info.build();
    }

    private Optional<RetryInfo> retryAfter() {
        return Optional.ofNullable(problem.headers()
                        .getOrDefault(
                                "Retry-After",
                                FaultProblems.headers(problem.slug()).get("Retry-After")))
                .map(Long::parseLong)
                .map(seconds -> RetryInfo.newBuilder()
                        .setRetryDelay(Duration.newBuilder().setSeconds(seconds))
                        .build());
    }

    private static BadRequest badRequest(List<Violation> violations) {
        BadRequest.Builder request = BadRequest.newBuilder();
        int bytes = 0;
        for (Violation violation : violations) {
            FieldViolation told = FieldViolation.newBuilder()
                    .setField(field(violation.pointer()))
                    .setDescription(violation.detail())
                    .build();
            bytes += told.getSerializedSize();
            if (bytes > MAX_VIOLATIONS_BYTES) {
                break;
            }
            request.addFieldViolations(told);
        }
        return request.build();
    }

    /** {@code /items/0/productId} is {@code items[0].product_id} in a message. */
    private static String field(String pointer) {
        if (!pointer.startsWith("/")) {
            return pointer;
        }
        return pointer.substring(1)
                .replaceAll("/([0-9]+)(?=/|$)", "[$1]")
                .replace('/', '.')
                .replaceAll("(?<=[a-z0-9])([A-Z])", "_$1")
                .toLowerCase(Locale.ROOT);
    }
}
