package dev.souk.gateway.grpc;

import com.google.protobuf.Message;
import java.util.function.UnaryOperator;

/**
 * A method of a service, and the operation of the HTTP contract that it is another way to ask for. Who may call it, what it
 * takes and how important it is are the operation's to say.
 *
 * @param name in full, {@code souk.v1.Orders/GetOrder}
 * @param request an empty request message
 * @param reply an empty reply message
 * @param places puts the fields of the request where the operation wants them
 */
record GrpcMethod(
        String name, String operationId, Message request, Message reply, UnaryOperator<OperationFields> places) {}
