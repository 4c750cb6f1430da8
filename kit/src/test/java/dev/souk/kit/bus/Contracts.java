package dev.souk.kit.bus;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Operation;
import dev.souk.contracts.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What the services say to each other, found by reflection, so that nothing new can be left out of a test. */
final class Contracts {
    /** The service under whose name the tests ask what any service can be asked. */
    static final String ANY_SERVICE = "user";

    private static final List<Class<?>> TYPES = types();

    private Contracts() {}

    /** Every operation that stands as a constant in a contract, and those that any service can be asked. */
    static List<Operation<?, ?>> operations() {
        Stream<Operation<?, ?>> ofOneService = constants(Operation.class).map(operation -> (Operation<?, ?>) operation);
        Stream<Operation<?, ?>> ofAnyService = TYPES.stream()
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(Contracts::isOfAnyService)
                .map(Contracts::ofAnyService);
        return Stream.concat(ofOneService, ofAnyService)
                .sorted(Comparator.comparing(Operation::name))
                .toList();
    }

    /** Every signal that stands as a constant in a contract. */
    static List<Signal<?>> signals() {
        return constants(Signal.class).<Signal<?>>map(signal -> signal).toList();
    }

    /** Every message: requests, replies, signals and events. */
    static List<WireMessage> messages() {
        Stream<WireMessage> asked = operations().stream()
                .flatMap(operation -> Stream.concat(
                        variants(operation.name() + ".request", operation.request()),
                        variants(operation.name() + ".reply", operation.reply())));
        Stream<WireMessage> signalled =
                signals().stream().flatMap(signal -> variants("signal." + signal.name(), signal.type()));
        Stream<WireMessage> told = TYPES.stream()
                .filter(type -> type.isAnnotationPresent(JsonTypeInfo.class))
                .flatMap(type -> variants("event", type));
        return Stream.of(asked, signalled, told).flatMap(Function.identity()).toList();
    }

    /** Every enumeration that a message may hold. */
    static List<Class<?>> enumerations() {
        return TYPES.stream()
                .flatMap(type -> Stream.concat(Stream.of(type), nested(type)))
                .filter(type -> type.isEnum() && type != Fault.Code.class)
                .sorted(Comparator.comparing(Class::getName))
                .toList();
    }

    /** The messages that may be sent as this type: one for a record, one for each permitted subtype of a sealed one. */
    static Stream<WireMessage> variants(String name, Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses())
                        .map(variant ->
                                new WireMessage(name + "." + wireName(type, variant), type, Samples.of(variant)))
                : Stream.of(new WireMessage(name, type, Samples.of(type)));
    }

    private static String wireName(Class<?> sealed, Class<?> variant) {
        JsonSubTypes names = sealed.getAnnotation(JsonSubTypes.class);
        return Arrays.stream(names == null ? new JsonSubTypes.Type[0] : names.value())
                .filter(named -> named.value() == variant)
                .map(JsonSubTypes.Type::name)
                .findFirst()
                .orElseThrow(() -> new AssertionError(variant.getName() + " has no name on the wire"));
    }

    private static <T> Stream<T> constants(Class<T> ofType) {
        return TYPES.stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == ofType)
                .map(field -> ofType.cast(value(field)));
    }

    private static Object value(Field constant) {
        try {
            return constant.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(constant + " is not public", e);
        }
    }

    private static boolean isOfAnyService(Method method) {
        return Modifier.isStatic(method.getModifiers())
                && method.getReturnType() == Operation.class
                && Arrays.equals(method.getParameterTypes(), new Class<?>[] {String.class});
    }

    private static Operation<?, ?> ofAnyService(Method method) {
        try {
            return (Operation<?, ?>) method.invoke(null, ANY_SERVICE);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Stream<Class<?>> nested(Class<?> type) {
        return Arrays.stream(type.getDeclaredClasses())
                .flatMap(inner -> Stream.concat(Stream.of(inner), nested(inner)));
    }

    private static List<Class<?>> types() {
        try {
            Path place = Path.of(Operation.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isDirectory(place)) {
                return typesIn(place);
            }
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                return typesIn(jar.getPath("/"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Class<?>> typesIn(Path root) throws IOException {
        String contracts = Operation.class.getPackageName();
        try (Stream<Path> files = Files.list(root.resolve(contracts.replace('.', '/')))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.contains("$") && !name.contains("-"))
                    .<Class<?>>map(name -> load(contracts + "." + name.substring(0, name.length() - ".class".length())))
                    .toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
