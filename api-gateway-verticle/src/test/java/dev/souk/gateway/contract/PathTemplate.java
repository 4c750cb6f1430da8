package dev.souk.gateway.contract;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A path of the contract with parameters in braces, and the paths that it may stand for. */
final class PathTemplate {
    private static final Pattern UNRESERVED =
            Pattern.compile("%(2[dDeE]|3[0-9]|4[1-9a-fA-F]|5[0-9aAfF]|6[1-9a-fA-F]|7[0-9aAeE])");
    private static final Pattern PLAIN =
            Pattern.compile("(/[A-Za-z0-9_~!$&'()*+,;=:@%-][A-Za-z0-9._~!$&'()*+,;=:@%-]*)+");

    private final String template;
    private final Pattern pattern;

    /** @param open whether its last parameter stands for all the rest of a path, slashes and all */
    PathTemplate(String template, boolean open) {
        this.template = template;
        String exact = template.replace(".", "\\.");
        String whole = open ? exact.replaceAll("\\{[A-Za-z]+}$", ".*") : exact;
        this.pattern = Pattern.compile(whole.replaceAll("\\{[A-Za-z]+}", "[^/]+"));
    }

    boolean matches(String path) {
        return pattern.matcher(path).matches();
    }

    /** Whether it stands for one path alone, which goes before those that stand for many. */
    boolean isExact() {
        return template.indexOf('{') < 0;
    }

    /**
     * The paths that a server may take this one for: itself alone if it is written plainly, else also without what RFC
     * 3986 calls equivalent (escapes that need not be, dots, doubled slashes) and without a slash or a fragment at the end.
     */
    static Set<String> readings(String path) {
        String decoded = decoded(path);
        Set<String> readings = new LinkedHashSet<>();
        readings.add(path);
        if (!PLAIN.matcher(path).matches() || !decoded.equals(path)) {
            String normal = withoutDots(decoded.replaceAll("/{2,}", "/"));
            readings.add(path.split("#", 2)[0]);
            readings.add(decoded);
            readings.add(normal);
            readings.add(withoutDots(path));
            readings.add(withoutSlash(path));
            readings.add(withoutSlash(normal));
            // Which of the two comes first is nobody's rule.
            readings.add(withoutSlash(withoutDots(decoded).replaceAll("/{2,}", "/")));
        }
        return readings;
    }

    private static String decoded(String path) {
        Matcher matcher = UNRESERVED.matcher(path);
        return matcher.replaceAll(
                found -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(found.group(1), 16))));
    }

    private static String withoutDots(String path) {
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : path.split("/", -1)) {
            if (segment.equals("..")) {
                if (segments.size() > 1) {
                    segments.removeLast();
                }
            } else if (!segment.equals(".")) {
                segments.addLast(segment);
            }
        }
        String joined = String.join("/", segments);
        return joined.startsWith("/") ? joined : "/" + joined;
    }

    private static String withoutSlash(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
