package dev.souk.gateway.contract;

/** The path of a request. */
public final class RequestTarget {
    private RequestTarget() {}

    /** Whether it is a path at all, and percent-encoded text that could be kept. */
    public static boolean isWellFormed(String path) {
        return path != null
                && path.startsWith("/")
                && Percent.decode(path, false).filter(StorableText::isStorable).isPresent();
    }
}
