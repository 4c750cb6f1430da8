package dev.souk.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Money;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderAnswersTest {
    private static final Money PRICE = new Money(1_500, "EUR");

    @ParameterizedTest
    @ValueSource(ints = {200, 201})
    void takesAChargeForDone(int status) {
        assertThat(charge(status, "{'id':'ch_1','status':'succeeded','amount':1500,'currency':'EUR','new':1}"))
                .isEqualTo(new ChargeAnswer.Charged("ch_1"));
    }

    @ParameterizedTest
    @CsvSource({
        "402, card_declined",
        "402, insufficient_funds",
        "400, unknown_payment_method",
        "400, invalid_request",
        "422, invalid_request"
    })
    void takesARefusalForADecline(int status, String code) {
        assertThat(charge(status, "{'error':{'code':'" + code + "','message':'no'}}"))
                .isEqualTo(new ChargeAnswer.Declined(code));
    }

    @Test
    void takesAVoidedChargeForClosed() {
        assertThat(charge(409, "{'error':{'code':'charge_voided'}}")).isEqualTo(new ChargeAnswer.Voided());
    }

    @ParameterizedTest
    @CsvSource({
        "409, charge_in_progress",
        "422, key_reused",
        "401, unauthorized",
        "403, forbidden",
        "404, unknown_key",
        "405, not_allowed",
        "408, timeout",
        "429, slow_down",
        "302, elsewhere"
    })
    void takesNothingElseForCertain(int status, String code) {
        String body = "{'error':{'code':'" + code + "'}}";
        assertOpen(() -> charge(status, body));
        assertOpen(() -> refund(status, body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "<html>",
                "{}",
                "{'id':'ch_1','status':'pending','amount':1500,'currency':'EUR'}",
                "{'id':'ch_1','status':'succeeded','amount':1501,'currency':'EUR'}",
                "{'id':'ch_1','status':'succeeded','amount':1500,'currency':'USD'}",
                "{'id':'ch_1','status':'succeeded','amount':'1500','currency':'EUR'}",
                "{'id':'','status':'succeeded','amount':1500,'currency':'EUR'}",
                "{'id':7,'status':'succeeded','amount':1500,'currency':'EUR'}",
                "{'status':'succeeded','amount':1500,'currency':'EUR'}"
            })
    void takesNoAnswerOfAnotherFormForCertain(String body) {
        assertOpen(() -> charge(201, body));
        assertOpen(() -> charge(400, body));
        assertOpen(() -> refund(201, body));
    }

    @Test
    void readsARefund() {
        assertThat(refund(201, "{'id':'re_1','status':'succeeded','charge':'ch_1','amount':1500,'currency':'EUR'}"))
                .isEqualTo(new RefundAnswer.Refunded("re_1", "ch_1"));
        assertThat(refund(200, "{'status':'void'}")).isEqualTo(new RefundAnswer.Voided());
    }

    @Test
    void aRefundThatIsRefusedIsOpen() {
        assertOpen(() -> refund(402, "{'error':{'code':'card_declined'}}"));
        assertOpen(() -> refund(400, "{'error':{'code':'invalid_request'}}"));
        assertOpen(() -> refund(201, "{'status':'void'}"));
    }

    private static void assertOpen(Runnable answer) {
        assertThatThrownBy(answer::run)
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.code()).isEqualTo(Fault.Code.UNAVAILABLE));
    }

    private static ChargeAnswer charge(int status, String body) {
        return ProviderAnswers.charge(status, json(body), PRICE);
    }

    private static RefundAnswer refund(int status, String body) {
        return ProviderAnswers.refund(status, json(body), PRICE);
    }

    private static Buffer json(String text) {
        return text.isEmpty() ? null : Buffer.buffer(text.replace('\'', '"'));
    }
}
