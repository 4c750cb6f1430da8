package dev.souk.launcher.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One request, to the byte.
 *
 * @param operation that it was made for
 * @param target in ISO 8859-1, as it goes into the request line
 * @param headers whole lines, in ISO 8859-1
 * @param body null for none
 * @param forbidden whether the contract does not allow it, so that no one may be served
 */
record Shot(String operation, String method, String target, List<String> headers, byte[] body, boolean forbidden) {
    private static final int SHOWN = 2_000;

    byte[] bytes() {
        List<String> lines = new ArrayList<>(List.of(method + " " + target + " HTTP/1.1", "Host: shop"));
        lines.addAll(headers);
        if (body != null) {
            lines.add("Content-Length: " + body.length);
        }
        byte[] head = (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] content = body == null ? new byte[0] : body;
        byte[] all = new byte[head.length + content.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(content, 0, all, head.length, content.length);
        return all;
    }

    @Override
    public String toString() {
        String text = new String(bytes(), StandardCharsets.ISO_8859_1)
                .replaceAll("Authorization: Bearer [^\r]*", "Authorization: Bearer ...");
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "... (" + text.length() + " characters)";
    }
}
