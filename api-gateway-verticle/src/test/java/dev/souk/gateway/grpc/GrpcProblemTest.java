package dev.souk.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Violation;
import dev.souk.gateway.problem.Problem;
import dev.souk.gateway.problem.ProblemCatalogue;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrpcProblemTest {
    private static final ProblemCatalogue CATALOGUE = ProblemCatalogue.load();

    @Test
    void tellsTheKindItsMembersAndTheRequestItWasFirstToldIn() throws InvalidProtocolBufferException {
        Throwable refusal = Problem.of("out-of-stock", "Not so many.")
                .withMember("orderId", "42")
                .firstToldIn("first")
                .refusal();

        List<Any> details =
                GrpcProblem.of(refusal, CATALOGUE, "second").details("second").getDetailsList();

        ErrorInfo info = details.getFirst().unpack(ErrorInfo.class);
        assertThat(info.getReason()).isEqualTo("OUT_OF_STOCK");
        assertThat(info.getDomain()).isEqualTo("souk");
        assertThat(info.getMetadataMap()).containsOnly(entry("orderId", "42"));
        assertThat(details.get(1).unpack(RequestInfo.class).getRequestId()).isEqualTo("first");
    }

    @Test
    void tellsWhenToComeBack() throws InvalidProtocolBufferException {
        Fault running = Fault.of(Fault.Code.REQUEST_IN_PROGRESS, "It is running.");

        Any last = GrpcProblem.of(running, CATALOGUE, "id")
                .details("id")
                .getDetailsList()
                .getLast();

        assertThat(last.unpack(RetryInfo.class).getRetryDelay().getSeconds()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "/items/0/productId, items[0].product_id",
        "/price/amount, price.amount",
        "/attributes, attributes",
        "Idempotency-Key, Idempotency-Key",
        "limit, limit",
        "'', ''"
    })
    void namesFieldsAsMessagesDo(String pointer, String field) throws InvalidProtocolBufferException {
        BadRequest told = violations(new Violation(pointer, "is wrong"));

        assertThat(told.getFieldViolationsList())
                .containsExactly(FieldViolation.newBuilder()
                        .setField(field)
                        .setDescription("is wrong")
                        .build());
    }

    @Test
    void isShortEnoughForATrailer() throws InvalidProtocolBufferException {
        Violation[] many = Stream.generate(() -> new Violation("/" + "x".repeat(200), "y".repeat(300)))
                .limit(20)
                .toArray(Violation[]::new);

        assertThat(violations(many).getSerializedSize()).isBetween(3_000, 5_000);
    }

    private static BadRequest violations(Violation... violations) throws InvalidProtocolBufferException {
        Fault fault = Fault.of(Fault.Code.INVALID_REQUEST, "No.", List.of(violations));
        List<Any> bad = GrpcProblem.of(fault, CATALOGUE, "id").details("id").getDetailsList().stream()
                .filter(any -> any.is(BadRequest.class))
                .toList();
        return bad.getFirst().unpack(BadRequest.class);
    }
}
