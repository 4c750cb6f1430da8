package dev.souk.notification;

import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Speaks just enough SMTP to refuse, in words and numbers that the test chooses, or to say nothing. */
final class ScriptedMailServer {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> accepted = new CopyOnWriteArrayList<>();
    private final NetServer server;

    /** @param answer to a line {@code RCPT TO}; null for none, ever */
    ScriptedMailServer(Vertx vertx, int port, Function<String, String> answer) {
        server = ServiceFixture.await(vertx.createNetServer()
                .connectHandler(socket -> converse(socket, answer))
                .listen(port, "127.0.0.1"));
    }

    String url() {
        return "smtp://127.0.0.1:" + server.actualPort();
    }

    /** All lines {@code RCPT TO}. */
    List<String> asked() {
        return asked;
    }

    /** The ids of the mails that it took. */
    List<String> accepted() {
        return accepted;
    }

    private void converse(NetSocket socket, Function<String, String> answer) {
        boolean[] inData = new boolean[1];
        socket.exceptionHandler(broken -> {});
        socket.handler(RecordParser.newDelimited("\r\n", line -> {
            String text = line.toString();
            if (inData[0]) {
                if (text.startsWith("Message-ID:")) {
                    accepted.add(text.substring("Message-ID:".length()).strip());
                }
                inData[0] = !text.equals(".");
                if (!inData[0]) {
                    socket.write("250 taken\r\n");
                }
                return;
            }
            String reply = reply(text, answer);
            inData[0] = text.equals("DATA");
            if (reply != null) {
                socket.write(reply + "\r\n");
            }
        }));
        socket.write("220 test\r\n");
    }

    private String reply(String line, Function<String, String> answer) {
        if (line.startsWith("RCPT TO:")) {
            asked.add(line);
            return answer.apply(line);
        }
        return line.equals("DATA") ? "354 go on" : "250 ok";
    }
}
