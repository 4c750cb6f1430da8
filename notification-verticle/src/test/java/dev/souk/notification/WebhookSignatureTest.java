package dev.souk.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WebhookSignatureTest {
    /** The value is what {@code openssl dgst -sha256 -hmac whsec_test} makes of {@code 1700000000.{"id":"1"}}. */
    @Test
    void signsTimeAndBody() {
        String signature =
                WebhookSignature.of("whsec_test", Instant.ofEpochMilli(1_700_000_000_999L), "{\"id\":\"1\"}");

        assertThat(signature)
                .isEqualTo("t=1700000000,v1=11bf4466ea17c3df3fd743af0b435368e16b7a05eb8eced85e8c4670767bdec5");
    }

    @Test
    void makesSecretsOf32Bytes() {
        SecureRandom random = new SecureRandom();

        String one = WebhookSignature.newSecret(random);

        assertThat(one).matches("whsec_[A-Za-z0-9_-]{43}").isNotEqualTo(WebhookSignature.newSecret(random));
    }
}
