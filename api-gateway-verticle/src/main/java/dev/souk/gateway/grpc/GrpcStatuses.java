package dev.souk.gateway.grpc;

import dev.souk.contracts.Fault;
import io.vertx.grpc.common.GrpcStatus;

/** Where what went wrong becomes a gRPC status. */
final class GrpcStatuses {
    private GrpcStatuses() {}

    /** Why a service refused. */
    static GrpcStatus of(Fault.Code code) {
        return switch (code) {
            case INVALID_REQUEST -> GrpcStatus.INVALID_ARGUMENT;
            case UNAUTHENTICATED, INVALID_CREDENTIALS -> GrpcStatus.UNAUTHENTICATED;
            case FORBIDDEN -> GrpcStatus.PERMISSION_DENIED;
            case NOT_FOUND -> GrpcStatus.NOT_FOUND;
            case EMAIL_TAKEN, SKU_TAKEN -> GrpcStatus.ALREADY_EXISTS;
            case STOCK_NEGATIVE, PRODUCT_NOT_FOUND, IDEMPOTENCY_KEY_REUSED, ORDER_NOT_CANCELLABLE, ILLEGAL_TRANSITION ->
                GrpcStatus.FAILED_PRECONDITION;
            // Read again, or ask again: at another moment the same may succeed.
            case PRECONDITION_FAILED, REQUEST_IN_PROGRESS -> GrpcStatus.ABORTED;
            case OVERLOADED -> GrpcStatus.RESOURCE_EXHAUSTED;
            case UNAVAILABLE -> GrpcStatus.UNAVAILABLE;
            case TIMEOUT -> GrpcStatus.DEADLINE_EXCEEDED;
            case INTERNAL -> GrpcStatus.INTERNAL;
        };
    }

    /** What the gateway refuses, by the HTTP status of its kind of problem. */
    static GrpcStatus of(int httpStatus) {
        return switch (httpStatus) {
            case 400, 406, 428 -> GrpcStatus.INVALID_ARGUMENT;
            case 401 -> GrpcStatus.UNAUTHENTICATED;
            case 403 -> GrpcStatus.PERMISSION_DENIED;
            case 404 -> GrpcStatus.NOT_FOUND;
            case 402, 409, 422 -> GrpcStatus.FAILED_PRECONDITION;
            case 405, 415 -> GrpcStatus.UNIMPLEMENTED;
            case 412 -> GrpcStatus.ABORTED;
            case 413, 414, 429, 431 -> GrpcStatus.RESOURCE_EXHAUSTED;
            case 502, 503 -> GrpcStatus.UNAVAILABLE;
            case 408, 504 -> GrpcStatus.DEADLINE_EXCEEDED;
            default -> GrpcStatus.INTERNAL;
        };
    }
}
