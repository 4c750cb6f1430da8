package dev.souk.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.souk.launcher.testing.ShopProcess;
import dev.souk.launcher.testing.ShopWalk;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the command says, and that it says it in one line when something is wrong. */
class CommandLineIT {
    private static final Path SCRIPT = Path.of("..", "souk").toAbsolutePath().normalize();
    private static final String NOBODY = "65534";

    @Test
    void helpListsEveryCommand() {
        ShopProcess help = ShopProcess.souk(ShopProcess.settings("help"), "help");

        assertThat(help.exitStatus()).isZero();
        assertThat(help.text()).contains("up", "demo", "doctor", "config", "test", "build");
    }

    @Test
    void anUnknownCommandOrServiceIsRefused() {
        Map<String, String> settings = ShopProcess.settings("unknown");

        assertThat(refusal(2, ShopProcess.souk(settings, "fly"))).contains("fly");
        assertThat(refusal(1, ShopProcess.souk(settings, "up", "warehouse")))
                .contains("there is no service 'warehouse'");
    }

    @Test
    void configShowsValuesAndSourcesButNoSecrets() {
        Map<String, String> settings = ShopProcess.settings("config");
        settings.put("SOUK_ORDER_DATABASE_URL", "postgresql://order:hush-hush@db.example/orders");

        ShopProcess config = ShopProcess.souk(settings, "config");

        assertThat(config.exitStatus()).isZero();
        assertThat(config.text())
                .containsPattern("SOUK_HTTP_PORT +" + settings.get("SOUK_HTTP_PORT") + " +environment")
                .containsPattern("SOUK_ADMIN_PASSWORD +\\*\\*\\* +environment")
                .containsPattern("SOUK_ORDER_DATABASE_URL +\\*\\*\\* +environment")
                .containsPattern("SOUK_CLUSTER_NAME +souk-[0-9a-f]+ +data folder")
                .containsPattern("SOUK_CHECKOUT_LEASE +10s +default")
                .doesNotContain("hush-hush")
                .doesNotContain(ShopProcess.ADMIN_PASSWORD);
    }

    @Test
    void aWrongSettingIsNamedAndNothingIsStarted() {
        Map<String, String> wrong = ShopProcess.settings("wrong-setting");
        wrong.put("SOUK_HTTP_PORT", "eighty");
        Map<String, String> misspelt = ShopProcess.settings("misspelt-setting");
        misspelt.put("SOUK_HTP_PORT", "8080");

        assertThat(refusal(1, ShopProcess.souk(wrong, "up"))).contains("SOUK_HTTP_PORT 'eighty'");
        assertThat(refusal(1, ShopProcess.souk(misspelt, "up"))).contains("SOUK_HTP_PORT: there is no such setting");
        assertThat(Path.of(wrong.get("SOUK_DATA_DIR"), "postgresql")).doesNotExist();
    }

    @Test
    void aBrokenClusterFileStopsTheStart() throws IOException {
        Map<String, String> settings = ShopProcess.settings("broken-cluster");
        Path file =
                Files.writeString(Path.of("target", "broken-cluster.xml"), "<hazelcast><no-such-thing/></hazelcast>");
        settings.put("SOUK_CLUSTER_FILE", file.toAbsolutePath().toString());

        assertThat(refusal(1, ShopProcess.souk(settings, "up"))).contains("SOUK_CLUSTER_FILE");
    }

    @Test
    void theDoctorFindsNothingHereAndAPortThatIsTaken() throws IOException {
        Map<String, String> settings = ShopProcess.settings("doctor");
        ShopProcess healthy = ShopProcess.souk(settings, "doctor");

        assertThat(healthy.exitStatus()).as(healthy.text()).isZero();
        try (var taken = new ServerSocket(Integer.parseInt(settings.get("SOUK_HTTP_PORT")))) {
            ShopProcess ill = ShopProcess.souk(settings, "doctor");

            assertThat(ill.exitStatus()).isEqualTo(1);
            assertThat(ill.text()).contains("port " + taken.getLocalPort() + " is taken");
        }
    }

    @Test
    void anOldJdkIsNotTaken() {
        Map<String, String> settings = ShopProcess.settings("old-jdk");
        ShopProcess help =
                ShopProcess.command(settings, List.of("env", "JAVA_HOME=/nonexistent", SCRIPT.toString(), "help"));

        assertThat(help.exitStatus()).as(help.text()).isZero();
    }

    @Test
    void anOrdinaryUserRunsItFromAnyFolder() throws IOException {
        assumeTrue(isRoot(), "needs root, to become another user");
        Map<String, String> settings = ShopProcess.settings("ordinary-user");
        Path folder = Files.createTempDirectory("souk-ordinary");
        settings.put("SOUK_DATA_DIR", folder.resolve("data").toString());
        run("chown", NOBODY, folder.toString());

        try (ShopProcess shop = as(NOBODY, folder, settings, "up").awaitReady()) {
            new ShopWalk(settings).client().get("/api/v1/products", Map.of()).require(200);
            ShopProcess demo = as(NOBODY, folder, settings, "demo");

            assertThat(demo.exitStatus()).as(demo.text()).isZero();
            assertThat(shop.stop()).isEqualTo(143);
        } finally {
            ShopProcess.deleteFolder(folder);
        }
    }

    @Test
    void aFolderThatIsNotWritableIsOneClearLine() throws IOException {
        assumeTrue(isRoot(), "needs root, to become another user");
        Map<String, String> settings = ShopProcess.settings("not-writable");
        Path folder = Files.createTempDirectory("souk-not-writable");
        settings.put("SOUK_DATA_DIR", folder.resolve("data").toString());
        run("chmod", "755", folder.toString());

        assertThat(refusal(1, as(NOBODY, folder, settings, "up")))
                .contains(folder.toString())
                .contains("SOUK_DATA_DIR");
        ShopProcess.deleteFolder(folder);
    }

    @Test
    void aFullDiskIsOneClearLineAndNothingIsDamaged() throws IOException {
        assumeTrue(isRoot(), "needs root, to mount a small disk");
        Map<String, String> settings = ShopProcess.settings("full-disk");
        Path disk = Files.createDirectories(Path.of("target", "small-disk")).toAbsolutePath();
        settings.put("SOUK_DATA_DIR", disk.toString());
        run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk.toString());
        try {
            assertThat(refusal(1, ShopProcess.souk(settings, "up")))
                    .contains("disk")
                    .contains("is full");

            run("mount", "-o", "remount,size=1g", disk.toString());
            ShopProcess shop = ShopProcess.souk(settings, "up").awaitReady();
            assertThat(shop.stop()).isEqualTo(143);
        } finally {
            run("umount", disk.toString());
        }
    }

    /** The command as another user, who owns nothing of this checkout. */
    private static ShopProcess as(String user, Path folder, Map<String, String> settings, String command) {
        Map<String, String> home = new HashMap<>(settings);
        home.put("HOME", folder.toString());
        List<String> words = new ArrayList<>(List.of("setpriv", "--reuid", user, "--regid", user, "--clear-groups"));
        words.addAll(List.of("env", "-C", folder.toString(), SCRIPT.toString(), command));
        return ShopProcess.command(home, words);
    }

    /** The single line that says what is wrong. */
    private static String refusal(int status, ShopProcess process) {
        assertThat(process.exitStatus()).as(process.text()).isEqualTo(status);
        assertThat(process.text()).doesNotContain("Exception").doesNotContain("\tat ");
        List<String> lines =
                process.text().lines().filter(line -> line.startsWith("souk: ")).toList();
        assertThat(lines).as(process.text()).hasSize(1);
        return lines.getFirst();
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static void run(String... command) throws IOException {
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
