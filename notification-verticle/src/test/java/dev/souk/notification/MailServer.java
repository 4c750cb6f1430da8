package dev.souk.notification;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A real mail server that can be away for a while; mails from before are not forgotten. */
final class MailServer implements AutoCloseable {
    private final int port;
    private final List<MimeMessage> before = new ArrayList<>();
    private GreenMail server;

    /** A mail as it arrived. */
    record Received(String id, String to, String subject, String text, MimeMessage message) {}

    private MailServer(int port) {
        this.port = port;
    }

    /** Not there yet, but it is known where it will be. */
    static MailServer stopped() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new MailServer(free.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static MailServer started() {
        MailServer started = stopped();
        started.start();
        return started;
    }

    String url() {
        return "smtp://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    void start() {
        server = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
    }

    void stop() {
        before.addAll(Arrays.asList(server.getReceivedMessages()));
        server.stop();
        server = null;
    }

    /** All mails, in the order of their coming. */
    List<Received> received() {
        List<MimeMessage> all = new ArrayList<>(before);
        if (server != null) {
            all.addAll(Arrays.asList(server.getReceivedMessages()));
        }
        return all.stream().map(MailServer::received).toList();
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop();
        }
    }

    private static Received received(MimeMessage message) {
        try {
            return new Received(
                    message.getMessageID(),
                    message.getAllRecipients()[0].toString(),
                    message.getSubject(),
                    message.getContent().toString().replace("\r\n", "\n"),
                    message);
        } catch (MessagingException | IOException e) {
            throw new AssertionError(e);
        }
    }
}
