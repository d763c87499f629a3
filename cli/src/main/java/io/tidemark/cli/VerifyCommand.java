package io.tidemark.cli;

import io.tidemark.cli.api.Comparison;
import io.tidemark.cli.api.ServiceClient;
import io.tidemark.cli.api.UnreachableException;
import io.tidemark.cli.api.Verification;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.Numbers;
import io.tidemark.cli.screen.Screen;
import io.tidemark.cli.screen.TextTable;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark verify}: every entry compared with its row. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Compares caches with their tables, entry by entry. Exits 0 when nothing differs, 3 otherwise.")
final class VerifyCommand implements Callable<Integer> {
    @Option(names = "--cache", paramLabel = "C", description = "Only this cache (default: all of them).")
    private @Nullable String cache;

    @Option(
            names = "--timeout",
            paramLabel = "D",
            defaultValue = "1h",
            description = "How long to wait at most (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofHours(1);

    @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
    private boolean json;

    @Mixin
    private TargetOptions target = new TargetOptions();

    @Override
    public Integer call() throws InterruptedException {
        Screen screen = Screen.ofProcess();
        ServiceClient reconciler = target.reconciler();
        Comparison comparison;
        try {
            comparison = Verification.begin(reconciler, cache)
                    .await(timeout, progress -> screen.live("Comparing " + progress));
        } catch (UnreachableException e) {
            throw new CommandFailure(ExitCode.CANNOT_CONNECT, String.valueOf(e.getMessage()), e);
        } finally {
            screen.clearLive();
        }
        System.out.println(json ? comparison.body().toString() : text(comparison));
        return comparison.different() > 0 ? ExitCode.DRIFT : ExitCode.GOOD;
    }

    static String text(Comparison comparison) {
        TextTable counts = TextTable.ofNumbers("cache", "consistent", "stale", "missing", "orphaned");
        TextTable examples = TextTable.ofWords("cache", "entry", "difference", "cause", "evidence");
        boolean anyExample = false;
        for (Comparison.OfCache of : comparison.caches()) {
            counts.row(
                    of.cache(),
                    Numbers.grouped(of.consistent()),
                    Numbers.grouped(of.stale()),
                    Numbers.grouped(of.missing()),
                    Numbers.grouped(of.orphaned()));
            for (Comparison.Example example : of.examples()) {
                examples.row(of.cache(), example.key(), example.kind(), example.cause(), example.evidence());
                anyExample = true;
            }
        }
        String verdict = comparison.different() == 0
                ? "Every entry equals the database."
                : Numbers.grouped(comparison.different()) + " entries differ from the database.";
        if (comparison.undecided() > 0) {
            verdict += " Written too often to be compared now: " + Numbers.grouped(comparison.undecided()) + ".";
        }
        return counts + "\n\n" + verdict + (anyExample ? " Some of them:\n\n" + examples : "");
    }
}
