package dev.souk.launcher.fuzz;

import dev.souk.gateway.contract.AnswerContract;
import dev.souk.gateway.contract.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/** Finds fault with answers, each kind of fault once, with the first request that showed it. */
final class Judge {
    private static final int SHOWN = 1_000;
    /** What only someone inside could have said. */
    private static final Pattern INSIDES = Pattern.compile(
            "Exception|Throwable|\\bat [a-z.]+\\(|dev\\.souk|io\\.vertx|io\\.netty|com\\.fasterxml|com\\.networknt"
                    + "|com\\.hazelcast|java\\.(lang|util|net)|org\\.postgresql|SQLSTATE|\\bSELECT\\b|INSERT INTO|ON CONFLICT"
                    + "|violates (unique|check|foreign)");
    /** Files that are served as they are. */
    private static final Set<String> FILES =
            Set.of("getDocs", "getDocsFile", "getContractYaml", "getContractJson", "getProblemPage");

    private final Map<String, String> findings = new ConcurrentSkipListMap<>();
    private final Map<Integer, LongAdder> statuses = new ConcurrentSkipListMap<>();
    private final Set<String> served = new ConcurrentSkipListSet<>();

    void judge(long number, Shot shot, Exchange answer) {
        statuses.computeIfAbsent(answer.status(), any -> new LongAdder()).increment();
        List<String> faults = new ArrayList<>(AnswerContract.ofTheGateway().violations(answer));
        // Any other of these must be one that the contract has for the operation, with its problem.
        if (answer.status() == 500) {
            faults.add("is a 500");
        }
        if (answer.status() < 300 && shot.forbidden()) {
            faults.add("is a " + answer.status() + " for what the contract forbids");
        }
        if (!FILES.contains(shot.operation())
                && INSIDES.matcher(answer.headers() + answer.body()).find()) {
            faults.add("tells of the inside");
        }
        if (answer.status() < 300) {
            served.add(shot.operation());
        }
        faults.forEach(fault -> add(number, shot, fault, shown(answer.toString())));
    }

    void judgeSilence(long number, Shot shot, Exception failure) {
        add(number, shot, "is none: " + failure, "");
    }

    private void add(long number, Shot shot, String fault, String answer) {
        String kind = shot.operation() + ": the answer " + fault.replaceAll("[0-9a-f-]{36}|[0-9]{4,}", "#");
        findings.putIfAbsent(kind, "request " + number + ":\n" + shot + "\nanswer:\n" + answer);
    }

    /** What was found, each kind with a request that shows it. */
    List<String> findings() {
        return findings.entrySet().stream()
                .map(found -> found.getKey() + "\n" + found.getValue())
                .toList();
    }

    /** Those operations of which not one request was served. */
    Set<String> neverServed(List<String> operations) {
        Set<String> never = new TreeSet<>(operations);
        never.removeAll(served);
        return never;
    }

    long count(int status) {
        return statuses.getOrDefault(status, new LongAdder()).sum();
    }

    Map<Integer, Long> statuses() {
        Map<Integer, Long> counts = new TreeMap<>();
        statuses.forEach((status, count) -> counts.put(status, count.sum()));
        return counts;
    }

    private static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}
