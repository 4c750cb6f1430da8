package dev.souk.gateway;

import io.vertx.core.buffer.Buffer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** What the page at {@code /docs} is made of, kept in memory. */
final class DocsFiles {
    private static final String OWN = "/docs/";
    private static final String SWAGGER_UI = "/META-INF/resources/webjars/swagger-ui/";
    private static final String SWAGGER_UI_VERSION = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";

    private static final Map<String, String> OWN_TYPES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "swagger-initializer.js", "text/javascript; charset=utf-8");
    private static final Map<String, String> SWAGGER_UI_TYPES = Map.of(
            "swagger-ui.css", "text/css; charset=utf-8",
            "swagger-ui-bundle.js", "text/javascript; charset=utf-8",
            "favicon-32x32.png", "image/png");

    record DocsFile(String type, Buffer content) {}

    private final Map<String, DocsFile> files;

    private DocsFiles(Map<String, DocsFile> files) {
        this.files = Map.copyOf(files);
    }

    /** Reads them from the class path. Blocks. @throws UncheckedIOException if one is missing, which stops the start */
    static DocsFiles load() {
        try {
            Map<String, DocsFile> files = new HashMap<>();
            String swaggerUi = SWAGGER_UI + swaggerUiVersion() + "/";
            for (Map.Entry<String, String> own : OWN_TYPES.entrySet()) {
                files.put(own.getKey(), new DocsFile(own.getValue(), read(OWN + own.getKey())));
            }
            for (Map.Entry<String, String> theirs : SWAGGER_UI_TYPES.entrySet()) {
                files.put(theirs.getKey(), new DocsFile(theirs.getValue(), read(swaggerUi + theirs.getKey())));
            }
            return new DocsFiles(files);
        } catch (IOException e) {
            throw new UncheckedIOException("the files of /docs cannot be read", e);
        }
    }

    Optional<DocsFile> find(String name) {
        return Optional.ofNullable(files.get(name));
    }

    private static String swaggerUiVersion() throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(read(SWAGGER_UI_VERSION).toString()));
        return properties.getProperty("version");
    }

    private static Buffer read(String resource) throws IOException {
        try (InputStream in = open(resource)) {
            return Buffer.buffer(in.readAllBytes());
        }
    }

    private static InputStream open(String resource) throws IOException {
        InputStream in = DocsFiles.class.getResourceAsStream(resource);
        if (in == null) {
            throw new FileNotFoundException(resource);
        }
        return in;
    }
}
