package dev.souk.user;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Users.Register;
import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import dev.souk.kit.db.DatabaseConfig;
import dev.souk.kit.event.EventSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the operator decides about users.
 *
 * @param sessions how long a log-in lasts without a password
 * @param keyRotation how long each key signs access tokens; empty for ever
 * @param passwordWorkers how many passwords are hashed at once
 * @param passwordQueue how many more may wait
 * @param admin who is to be an admin; empty to make one up if there is none
 */
record UserConfig(
        DatabaseConfig database,
        Duration accessTokenTtl,
        Sessions.Limits sessions,
        Optional<Duration> keyRotation,
        int passwordWorkers,
        int passwordQueue,
        Optional<Register> admin) {
    static final String SERVICE = "user";
    static final String ADMIN_NAME = "Admin";

    static final Setting<Duration> ACCESS_TOKEN_TTL =
            Setting.duration("SOUK_ACCESS_TOKEN_TTL", "15m", "how long an access token is good for");
    static final Setting<Duration> REFRESH_TOKEN_TTL = Setting.duration(
            "SOUK_REFRESH_TOKEN_TTL",
            "30d",
            "how long a refresh token is good; whoever stays away longer logs in again");
    static final Setting<Duration> SESSION_TTL = Setting.duration(
            "SOUK_SESSION_TTL",
            "90d",
            "how long a log-in can be kept up by refreshing, until the password is asked again");
    static final Setting<Optional<Duration>> KEY_ROTATION = Setting.durationOrNever(
            "SOUK_KEY_ROTATION", "30d", "how long a key signs access tokens until a new one does; 0 for ever");
    static final Setting<Integer> PASSWORD_WORKERS = Setting.integer(
            "SOUK_PASSWORD_WORKERS",
            Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
            1,
            256,
            "passwords hashed at once, each on a core and 19 MiB; default half the cores");
    static final Setting<Integer> PASSWORD_QUEUE = Setting.integer(
            "SOUK_PASSWORD_QUEUE", 100, 0, 10_000, "passwords that may wait to be hashed; more are refused with 503");
    static final Setting<String> ADMIN_EMAIL =
            Setting.text("SOUK_ADMIN_EMAIL", "", "the first admin; default admin@souk.local, if there is no admin yet");
    static final Setting<String> ADMIN_PASSWORD =
            Setting.secret("SOUK_ADMIN_PASSWORD", "the first admin's password; default made up and shown once");

    static final List<Setting<?>> SETTINGS = Stream.of(
                    DatabaseConfig.settings(SERVICE),
                    List.of(
                            ACCESS_TOKEN_TTL,
                            REFRESH_TOKEN_TTL,
                            SESSION_TTL,
                            KEY_ROTATION,
                            PASSWORD_WORKERS,
                            PASSWORD_QUEUE,
                            ADMIN_EMAIL,
                            ADMIN_PASSWORD),
                    EventSettings.SETTINGS)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    UserConfig {
        requireASecond(ACCESS_TOKEN_TTL, accessTokenTtl);
        requireASecond(REFRESH_TOKEN_TTL, sessions.idle());
        requireASecond(SESSION_TTL, sessions.total());
        keyRotation.ifPresent(age -> requireASecond(KEY_ROTATION, age));
    }

    /** @throws ConfigurationException naming the setting that is wrong */
    static UserConfig from(Environment environment, AccountRules rules) {
        return new UserConfig(
                DatabaseConfig.from(environment, SERVICE),
                environment.get(ACCESS_TOKEN_TTL),
                new Sessions.Limits(environment.get(REFRESH_TOKEN_TTL), environment.get(SESSION_TTL)),
                environment.get(KEY_ROTATION),
                environment.get(PASSWORD_WORKERS),
                environment.get(PASSWORD_QUEUE),
                admin(environment, rules));
    }

    /** How the keys that sign access tokens follow each other. */
    KeySchedule keySchedule() {
        return new KeySchedule(keyRotation, accessTokenTtl);
    }

    private static void requireASecond(Setting<?> setting, Duration time) {
        if (time.toSeconds() < 1) {
            throw new ConfigurationException(setting.name() + ": must be at least 1s");
        }
    }

    private static Optional<Register> admin(Environment environment, AccountRules rules) {
        Optional<String> email = environment.find(ADMIN_EMAIL);
        Optional<String> password = environment.find(ADMIN_PASSWORD);
        if (email.isPresent() != password.isPresent()) {
            Setting<String> missing = email.isPresent() ? ADMIN_PASSWORD : ADMIN_EMAIL;
            Setting<String> given = email.isPresent() ? ADMIN_EMAIL : ADMIN_PASSWORD;
            throw new ConfigurationException(missing.name() + ": must be set together with " + given.name());
        }
        try {
            return email.map(set -> rules.check(new Register(ADMIN_NAME, set, password.orElseThrow())));
        } catch (Fault wrong) {
            Fault.Violation first = wrong.violations().getFirst();
            Setting<String> setting = first.pointer().equals("/email") ? ADMIN_EMAIL : ADMIN_PASSWORD;
            throw new ConfigurationException(setting.name() + ": " + first.detail());
        }
    }
}
