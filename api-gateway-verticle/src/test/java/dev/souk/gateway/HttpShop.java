package dev.souk.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.gateway.contract.AnswerContract;
import dev.souk.gateway.contract.Exchange;
import dev.souk.kit.bus.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** A client of the gateway that knows nothing but HTTP, and takes no answer that the contract does not allow. */
final class HttpShop {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** An answer. */
    record Reply(int status, HttpHeaders headers, String body) {
        JsonNode json() {
            try {
                return WireFormat.mapper().readTree(body);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + body, e);
            }
        }

        Optional<String> header(String name) {
            return headers.firstValue(name);
        }

        String slug() {
            return json().path("type").asText().replace("/problems/", "");
        }
    }

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();
    private final int port;
    private final boolean judging;
    private final String[] headers;

    private HttpShop(int port, boolean judging, String... headers) {
        this.port = port;
        this.judging = judging;
        this.headers = headers;
    }

    /** Of a gateway, every answer of which must be one of its contract. */
    static HttpShop on(int port) {
        return new HttpShop(port, true);
    }

    /** Of a server that has no contract. */
    static HttpShop ofAnother(int port) {
        return new HttpShop(port, false);
    }

    /** The same client with further headers on every request: names and values in turn. */
    HttpShop with(String... more) {
        String[] all = new String[headers.length + more.length];
        System.arraycopy(headers, 0, all, 0, headers.length);
        System.arraycopy(more, 0, all, headers.length, more.length);
        return new HttpShop(port, judging, all);
    }

    HttpShop as(String token) {
        return with("Authorization", "Bearer " + token);
    }

    Reply get(String path) {
        return send("GET", path, BodyPublishers.noBody());
    }

    Reply post(String path, String json) {
        return with("Content-Type", "application/json").send("POST", path, BodyPublishers.ofString(json));
    }

    Reply patch(String path, String json) {
        return with("Content-Type", "application/json").send("PATCH", path, BodyPublishers.ofString(json));
    }

    Reply delete(String path) {
        return send("DELETE", path, BodyPublishers.noBody());
    }

    Reply send(String method, String path, BodyPublisher body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(LIMIT)
                .method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            if (judging) {
                AnswerContract.ofTheGateway()
                        .require(new Exchange(
                                method,
                                path,
                                response.statusCode(),
                                response.headers().map(),
                                response.body()));
            }
            return new Reply(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
