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
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The layers of the house. */
class ArchitectureTest {
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
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
            .resideOutsideOfPackages("dev.souk.kit.db..", "dev.souk.kit.event..", "dev.souk.postgres..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.pgclient..", "java.sql..");

    private static final ArchRule HTTP_ONLY_IN_THE_GATEWAY = noClasses()
            .that()
            .resideInAnyPackage("dev.souk.user..", "dev.souk.product..", "dev.souk.order..", "dev.souk.contracts..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.core.http..", "io.vertx.ext.web..", "java.net.http..");

    private static final ArchRule THE_GATEWAY_SPEAKS_NO_SQL = noClasses()
            .that()
            .resideInAPackage("dev.souk.gateway..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.sqlclient..", "dev.souk.kit.db..");

    private static final ArchRule VERTICLES_KNOW_NO_SQL = noClasses()
            .that()
            .haveSimpleNameEndingWith("Verticle")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.pgclient..");

    @TestFactory
    Stream<DynamicTest> layers() {
        return Stream.of(
                        CONTRACTS_STAND_ALONE,
                        KIT_KNOWS_NO_SERVICE,
                        SERVICES_NEVER_SEE_EACH_OTHER,
                        SQL_ONLY_IN_REPOSITORIES,
                        HTTP_ONLY_IN_THE_GATEWAY,
                        THE_GATEWAY_SPEAKS_NO_SQL,
                        VERTICLES_KNOW_NO_SQL)
                .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(HOUSE)));
    }
}
