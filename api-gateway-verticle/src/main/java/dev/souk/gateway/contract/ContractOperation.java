package dev.souk.gateway.contract;

import dev.souk.contracts.Caller.Role;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;
import java.util.Set;

/**
 * One operation of the contract.
 *
 * @param id its operationId
 * @param path with its parameters in braces
 * @param authenticated whether a caller must be known
 * @param role what the caller must be; empty for anyone who is known
 * @param retirement when it ends, if it is deprecated
 * @param proxied whether someone outside of the shop answers it: its last parameter is all the rest of the path, and
 *     neither query nor body is looked at
 * @param priority how important it is when not everything can be done
 * @param produces the media types of its answers, problems aside
 * @param input what it takes
 */
public record ContractOperation(
        String id,
        HttpMethod method,
        String path,
        boolean authenticated,
        Optional<Role> role,
        Optional<Retirement> retirement,
        boolean proxied,
        Priority priority,
        Set<String> produces,
        OperationInput input) {

    /** The path as a router wants it, {@code /users/:userId}; with a star for all the rest where it is proxied. */
    public String route() {
        String begin = proxied ? path.substring(0, path.lastIndexOf('{')) + "*" : path;
        return begin.replace('{', ':').replace("}", "");
    }

    public boolean hasPathParameters() {
        return path.indexOf('{') >= 0;
    }
}
