package dev.souk.gateway.grpc;

import java.time.Duration;
import java.util.Optional;

/**
 * How the gRPC server is configured.
 *
 * @param host the address that clients reach it at
 * @param port 0 for any that is free; without one there is no such server
 * @param requestDeadline how long a call may take to arrive, and then to be answered unless its handler knows better
 */
public record GrpcConfig(String host, Optional<Integer> port, Duration requestDeadline) {}
