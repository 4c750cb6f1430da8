package dev.souk.gateway.grpc;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.util.function.UnaryOperator;

/**
 * A method of a service, and the operation of the HTTP contract that it is another way to ask for. Who may call it, what it
 * takes and how important it is are the operation's to say.
 *
 * @param declared as the {@code .proto} file has it
 * @param places puts the fields of the request where the operation wants them
 */
record GrpcMethod(MethodDescriptor declared, String operationId, UnaryOperator<OperationFields> places) {

    /** In full, {@code souk.v1.Orders/GetOrder}. */
    String name() {
        return declared.getService().getFullName() + "/" + declared.getName();
    }

    /** An empty request. */
    Message request() {
        return DynamicMessage.getDefaultInstance(declared.getInputType());
    }

    /** An empty reply. */
    Message reply() {
        return DynamicMessage.getDefaultInstance(declared.getOutputType());
    }

    /** Whether its replies are a stream. */
    boolean streams() {
        return declared.isServerStreaming();
    }
}
