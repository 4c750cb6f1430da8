package dev.souk.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.souk.contracts.Caller.Role;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Violation;
import dev.souk.contracts.Users.Change;
import dev.souk.contracts.Users.Register;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountRulesTest {
    private static final String NAME = "Ada Lovelace";
    private static final String EMAIL = "Ada@example.com";
    private static final String PASSWORD = "correct horse battery staple";

    private final AccountRules rules = new AccountRules(CommonPasswords.load());

    @Test
    void trimsNameAndMailAndKeepsTheRestAsGiven() {
        Register checked = rules.check(new Register("  Ada Lovelace ", "\tAda@example.com ", " spaces stay "));

        assertThat(checked).isEqualTo(new Register(NAME, EMAIL, " spaces stay "));
    }

    @Test
    void namesAllThatIsWrong() {
        Fault fault = refusal(new Register("", "nobody", "short"));

        assertThat(fault.code()).isEqualTo(Fault.Code.INVALID_REQUEST);
        assertThat(fault.violations()).extracting(Violation::pointer).containsExactly("/name", "/email", "/password");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "   ", "a\u0000b", "a\nb", "a\u0085b", "half \ud83d"})
    void refusesANameThatIsNone(String name) {
        assertThat(refusal(new Register(name, EMAIL, PASSWORD)).violations())
                .extracting(Violation::pointer)
                .containsExactly("/name");
    }

    @Test
    void countsTheCharactersOfANameAsPeopleDo() {
        Register longest = new Register("\ud83d\ude00".repeat(100), EMAIL, PASSWORD);
        Register tooLong = new Register("a".repeat(101), EMAIL, PASSWORD);

        assertThat(rules.check(longest)).isEqualTo(longest);
        assertThat(refusal(tooLong).violations()).hasSize(1);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "ada",
                "@",
                "ada@",
                "@example.com",
                "a@b@c",
                "a da@example.com",
                "ada@exam\u00a0ple.com",
                "ada\u0000@example.com",
                "ada@\ud83d"
            })
    void refusesAMailThatIsNone(String email) {
        assertThat(refusal(new Register(NAME, email, PASSWORD)).violations())
                .extracting(Violation::pointer)
                .containsExactly("/email");
    }

    @Test
    void boundsTheLengthOfAMail() {
        String host = "@example.com";

        assertThat(rules.isEmail("a".repeat(254 - host.length()) + host)).isTrue();
        assertThat(rules.isEmail("a".repeat(255 - host.length()) + host)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1234567",
                "\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00",
                "password1",
                "PassWord1",
                "iloveyou",
                "ADA@EXAMPLE.COM",
                "ada lovelace",
                "half a pair \ud83d"
            })
    void refusesAPasswordThatIsShortOrGuessed(String password) {
        assertThat(refusal(new Register(NAME, EMAIL, password)).violations())
                .extracting(Violation::pointer)
                .containsExactly("/password");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00e4\u00f6\u00fc\u00df\u65e5\u672c\u8a9e!", "8 signs!", "p\u0000a\u0001s\u0002s\u0003"})
    void takesAnyCharactersInAPassword(String password) {
        Register registration = new Register(NAME, EMAIL, password);

        assertThat(rules.check(registration)).isEqualTo(registration);
    }

    @Test
    void boundsTheLengthOfAPassword() {
        Register longest = new Register(NAME, EMAIL, "\ud83d\ude00".repeat(128));
        Register tooLong = new Register(NAME, EMAIL, "x".repeat(129));

        assertThat(rules.check(longest)).isEqualTo(longest);
        assertThat(refusal(tooLong).violations()).hasSize(1);
    }

    @Test
    void neverRepeatsThePassword() {
        Fault fault = refusal(new Register(NAME, EMAIL, "qwertyuiop"));

        assertThat(fault.getMessage()).doesNotContain("qwertyuiop");
    }

    @Test
    void knowsHundredsOfCommonPasswords() {
        assertThat(CommonPasswords.load().size()).isGreaterThan(200);
    }

    @Test
    void trimsAChangeAndLeavesOutWhatIsSoAlready() {
        Change checked = rules.check(new Change(" " + NAME, EMAIL + " ", "any", null), account());

        assertThat(checked).isEqualTo(new Change(null, null, "any", null));
        assertThat(AccountRules.needsPassword(checked)).isFalse();
    }

    @Test
    void asksForThePasswordWhereMailOrPasswordAreToChange() {
        assertThat(pointers(new Change(null, "ada.king@example.com", null, null)))
                .containsExactly("/currentPassword");
        assertThat(pointers(new Change(null, null, null, PASSWORD + "!"))).containsExactly("/currentPassword");
        assertThat(rules.check(new Change("Ada King", null, null, null), account()))
                .isEqualTo(new Change("Ada King", null, null, null));
    }

    @Test
    void namesAllThatIsWrongWithAChange() {
        assertThat(pointers(new Change("", "nobody", null, "short")))
                .containsExactly("/name", "/email", "/newPassword", "/currentPassword");
    }

    @Test
    void measuresANewPasswordByTheAccountAsItWillBe() {
        assertThat(pointers(new Change("Augusta Ada King", null, "any", "augusta ada king")))
                .containsExactly("/newPassword");
        assertThat(pointers(new Change(null, null, "any", EMAIL))).containsExactly("/newPassword");
        assertThat(pointers(new Change(null, null, "any", "iloveyou"))).containsExactly("/newPassword");
        assertThat(rules.check(new Change(null, "ada.king@example.com", "any", EMAIL), account())
                        .newPassword())
                .isEqualTo(EMAIL);
    }

    private List<String> pointers(Change change) {
        Fault fault = catchThrowableOfType(Fault.class, () -> rules.check(change, account()));
        assertThat(fault).as("refusal of %s", change).isNotNull();
        return fault.violations().stream().map(Violation::pointer).toList();
    }

    private static Account account() {
        return new Account(UUID.randomUUID(), NAME, EMAIL, Role.CUSTOMER, "hash", Instant.EPOCH);
    }

    private Fault refusal(Register registration) {
        Fault fault = catchThrowableOfType(Fault.class, () -> rules.check(registration));
        assertThat(fault).as("refusal of %s", registration).isNotNull();
        return fault;
    }
}
