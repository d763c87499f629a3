package io.tidemark.cachewriter.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.cachewriter.entries.Judgement;
import io.tidemark.core.change.Version;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.contract.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.redisson.api.BatchOptions;
import org.redisson.api.FunctionMode;
import org.redisson.api.FunctionResult;
import org.redisson.api.RBatch;
import org.redisson.api.RFunction;
import org.redisson.api.RFunctionAsync;
import org.redisson.api.RFuture;
import org.redisson.api.RedissonClient;

/** Asks fences about many versions in one call, of each slot of a Redis Cluster. Thread-safe. */
final class RedissonJudging {
    private static final byte[] PUT = {'p'};
    private static final byte[] EVICT = {'e'};

    private final RedissonClient redisson;
    private final RFunction functions;
    private final boolean isCluster;

    RedissonJudging(RedissonClient redisson, boolean isCluster) {
        this.redisson = redisson;
        this.functions = redisson.getFunction(RawCodec.INSTANCE);
        this.isCluster = isCluster;
    }

    CompletionStage<List<Judgement>> judge(List<String> keys, List<Version> versions, List<Boolean> evicts) {
        if (keys.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        List<Integer> all = IntStream.range(0, keys.size()).boxed().toList();
        try {
            return isCluster
                    ? bySlot(all, keys, versions, evicts)
                    : call(functions, all, keys, versions, evicts)
                            .toCompletableFuture()
                            .thenApply(RedissonJudging::judgements);
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private CompletionStage<List<Judgement>> bySlot(
            List<Integer> all, List<String> keys, List<Version> versions, List<Boolean> evicts) {
        Map<Integer, List<Integer>> slots = new LinkedHashMap<>();
        all.forEach(i -> slots.computeIfAbsent(Slot.of(keys.get(i)), slot -> new ArrayList<>())
                .add(i));
        List<List<Integer>> places = List.copyOf(slots.values());
        RBatch batch = redisson.createBatch(BatchOptions.defaults());
        RFunctionAsync function = batch.getFunction(RawCodec.INSTANCE);
        places.forEach(some -> call(function, some, keys, versions, evicts));
        return batch.executeAsync().toCompletableFuture().thenApply(done -> {
            Judgement[] judged = new Judgement[keys.size()];
            for (int slot = 0; slot < places.size(); slot++) {
                List<Judgement> of = judgements((byte[]) done.getResponses().get(slot));
                for (int i = 0; i < of.size(); i++) {
                    judged[places.get(slot).get(i)] = of.get(i);
                }
            }
            return Arrays.asList(judged);
        });
    }

    private static RFuture<byte[]> call(
            RFunctionAsync function,
            List<Integer> some,
            List<String> keys,
            List<Version> versions,
            List<Boolean> evicts) {
        List<Object> both = new ArrayList<>(2 * some.size());
        Object[] arguments = new Object[2 * some.size()];
        int at = 0;
        for (int i : some) {
            both.add(keys.get(i).getBytes(UTF_8));
            both.add(EntryKey.metaOf(keys.get(i)).getBytes(UTF_8));
            arguments[at++] = evicts.get(i) ? EVICT : PUT;
            arguments[at++] = versions.get(i).text().getBytes(US_ASCII);
        }
        return function.callAsync(
                keys.get(some.get(0)), FunctionMode.READ, FunctionLibrary.JUDGE, FunctionResult.VALUE, both, arguments);
    }

    private static List<Judgement> judgements(byte[] letters) {
        List<Judgement> judged = new ArrayList<>(letters.length);
        for (byte letter : letters) {
            judged.add(
                    switch (letter) {
                        case 'o' -> Judgement.OLDER;
                        case 'r' -> Judgement.READ_AGAIN;
                        case 'n' -> Judgement.NEW;
                        case 'g' -> Judgement.GONE;
                        default -> Judgement.FIRST;
                    });
        }
        return judged;
    }
}
