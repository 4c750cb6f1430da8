package dev.souk.launcher;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.souk.kit.crash.CrashPoint;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The layers of the house. */
class ArchitectureTest {
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            // Those that another module's tests use come as an archive.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.souk");

    private static final ArchRule CONTRACTS_STAND_ALONE = classes()
            .that()
            .resideInAPackage("dev.souk.contracts..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.souk.contracts..", "java..", "com.fasterxml.jackson.annotation..");

    private static final ArchRule KIT_KNOWS_NO_SERVICE = noClasses()
            .that()
            .resideInAPackage("dev.souk.kit..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.souk.user..",
                    "dev.souk.product..",
                    "dev.souk.order..",
                    "dev.souk.payment..",
                    "dev.souk.notification..",
                    "dev.souk.registry..",
                    "dev.souk.sandbox..",
                    "dev.souk.gateway..",
                    "dev.souk.launcher..");

    private static final ArchRule SERVICES_NEVER_SEE_EACH_OTHER = slices().matching("dev.souk.(*)..")
            .namingSlices("$1")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(
                    resideInAnyPackage("dev.souk.."),
                    are(resideInAnyPackage("dev.souk.contracts..", "dev.souk.kit..", "dev.souk.postgres..")))
            .ignoreDependency(resideInAnyPackage("dev.souk.launcher.."), resideInAnyPackage("dev.souk.."));

    private static final ArchRule SQL_ONLY_IN_REPOSITORIES = noClasses()
            .that()
            .haveNameNotMatching(".*(Repository|Store)(\\$.*)?")
            .and()
            .resideOutsideOfPackages(
                    "dev.souk.kit.db..", "dev.souk.kit.event..", "dev.souk.postgres..", "dev.souk.launcher.verify..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.pgclient..", "java.sql..");

    private static final ArchRule HTTP_ONLY_IN_THE_GATEWAY = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.souk.user..",
                    "dev.souk.product..",
                    "dev.souk.order..",
                    "dev.souk.registry..",
                    "dev.souk.contracts..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.core.http..", "io.vertx.ext.web..", "java.net.http..");

    private static final ArchRule THE_GATEWAY_SPEAKS_NO_SQL = noClasses()
            .that()
            .resideInAPackage("dev.souk.gateway..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.sqlclient..", "dev.souk.kit.db..");

    private static final ArchRule GRPC_STAYS_AT_ITS_EDGE = noClasses()
            .that()
            .resideOutsideOfPackage("dev.souk.gateway.grpc..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.google.protobuf..", "com.google.rpc..", "io.vertx.grpc..", "io.grpc..");

    private static final ArchRule VERTICLES_KNOW_NO_SQL = noClasses()
            .that()
            .haveSimpleNameEndingWith("Verticle")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.pgclient..");

    /** Crash points stand in the primitives: who went past them would have an effect that no test can interrupt. */
    private static final ArchRule COMMITS_GO_THROUGH_THE_DATABASE = noClasses()
            .that()
            .resideOutsideOfPackage("dev.souk.kit.db..")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Pool.class, SqlConnection.class);

    private static final ArchRule MESSAGES_GO_THROUGH_THE_BUS = noClasses()
            .that()
            .resideOutsideOfPackages("dev.souk.kit.bus..", "dev.souk.kit.discovery..")
            .should()
            .callMethod(Vertx.class, "eventBus");

    private static final ArchRule THE_OUTSIDE_IS_REACHED_AT_CRASH_POINTS = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.souk.payment..", "dev.souk.notification..", "dev.souk.order..", "dev.souk.product..")
            .and()
            .doNotHaveSimpleName("HttpPaymentProvider")
            .and()
            .doNotHaveSimpleName("WebhookSender")
            .and()
            .doNotHaveSimpleName("MailSender")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("io.vertx.*(WebClient|HttpClient|HttpClientAgent|MailClient|HttpRequest|NetClient)");

    private static final ArchRule WHO_REACHES_THE_OUTSIDE_PASSES_CRASH_POINTS = classes()
            .that()
            .haveSimpleName("HttpPaymentProvider")
            .or()
            .haveSimpleName("WebhookSender")
            .or()
            .haveSimpleName("MailSender")
            .or()
            .haveFullyQualifiedName("dev.souk.kit.db.Database")
            .or()
            .haveSimpleName("Bus")
            .or()
            .haveSimpleName("Endpoint")
            .or()
            .haveFullyQualifiedName("dev.souk.sandbox.Journal")
            .should()
            .callMethod(CrashPoint.class, "pass", String.class, String.class, String.class);

    @TestFactory
    Stream<DynamicTest> layers() {
        return Stream.of(
                        CONTRACTS_STAND_ALONE,
                        KIT_KNOWS_NO_SERVICE,
                        SERVICES_NEVER_SEE_EACH_OTHER,
                        SQL_ONLY_IN_REPOSITORIES,
                        HTTP_ONLY_IN_THE_GATEWAY,
                        THE_GATEWAY_SPEAKS_NO_SQL,
                        GRPC_STAYS_AT_ITS_EDGE,
                        VERTICLES_KNOW_NO_SQL,
                        COMMITS_GO_THROUGH_THE_DATABASE,
                        MESSAGES_GO_THROUGH_THE_BUS,
                        THE_OUTSIDE_IS_REACHED_AT_CRASH_POINTS,
                        WHO_REACHES_THE_OUTSIDE_PASSES_CRASH_POINTS)
                .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(HOUSE)));
    }
}
