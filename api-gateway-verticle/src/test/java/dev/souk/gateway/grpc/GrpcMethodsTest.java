package dev.souk.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import dev.souk.gateway.contract.Contract;
import dev.souk.gateway.contract.ContractOperation;
import dev.souk.gateway.grpc.v1.OrdersProto;
import dev.souk.gateway.grpc.v1.ProductsProto;
import dev.souk.gateway.grpc.v1.UsersProto;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GrpcMethodsTest {
    private static final Map<String, ContractOperation> OPERATIONS =
            Contract.load().operations().stream().collect(Collectors.toMap(ContractOperation::id, Function.identity()));

    @Test
    void everyMethodOfTheServicesIsServed() {
        List<String> declared = Stream.of(
                        UsersProto.getDescriptor(), ProductsProto.getDescriptor(), OrdersProto.getDescriptor())
                .map(FileDescriptor::getServices)
                .flatMap(services -> services.stream().flatMap(service -> service.getMethods().stream()))
                .map(method -> method.getService().getFullName() + "/" + method.getName())
                .toList();

        assertThat(GrpcMethods.ALL).extracting(GrpcMethod::name).containsExactlyInAnyOrderElementsOf(declared);
    }

    /** What the message has and the operation does not take would be lost without a word. */
    @ParameterizedTest
    @MethodSource("methods")
    void everyFieldHasAPlace(GrpcMethod method) {
        ContractOperation operation = OPERATIONS.get(method.operationId());
        OperationFields fields = placed(method, full(method.request()));

        assertThat(operation).as(method.operationId()).isNotNull();
        if (operation.input().requiresBody()) {
            assertThat(fields.body()).isNotEmpty();
        } else {
            assertThat(fields.body()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void anEmptyMessageIsRefusedLikeAnyOther(GrpcMethod method) {
        ContractOperation operation = OPERATIONS.get(method.operationId());
        OperationFields fields = placed(method, method.request());

        assertThatCode(() ->
                        fields.request(operation.input(), "id", () -> null, Optional.empty(), Duration.ofSeconds(1)))
                .satisfiesAnyOf(
                        none -> assertThat(none).isNull(),
                        refused ->
                                assertThat(refused.getClass().getSimpleName()).isIn("Fault", "Refusal"));
    }

    static List<GrpcMethod> methods() {
        return GrpcMethods.ALL;
    }

    private static OperationFields placed(GrpcMethod method, Message message) {
        return method.places().apply(new OperationFields(message, MultiMap.caseInsensitiveMultiMap()));
    }

    /** Something in every field. */
    private static Message full(Message empty) {
        Message.Builder builder = empty.toBuilder();
        for (FieldDescriptor field : empty.getDescriptorForType().getFields()) {
            Object value = value(builder, field);
            if (field.isRepeated()) {
                builder.addRepeatedField(field, value);
            } else {
                builder.setField(field, value);
            }
        }
        return builder.build();
    }

    private static Object value(Message.Builder parent, FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT -> 1;
            case LONG -> 1L;
            case BOOLEAN -> true;
            case STRING -> "text";
            case ENUM -> field.getEnumType().findValueByNumber(1);
            case MESSAGE -> {
                Message empty = parent.newBuilderForField(field).build();
                yield field.getMessageType() == Struct.getDescriptor() ? empty : full(empty);
            }
            case FLOAT, DOUBLE, BYTE_STRING -> throw new AssertionError("no request has " + field);
        };
    }
}
