package io.tidemark.positions.sync.postgres;

import io.tidemark.positions.feed.Order;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.sync.Saved;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes orders by store and id: the newer updated_at wins, and what says the same is not written again. */
final class OrderRows {
    private static final List<Function<Order, @Nullable Object>> COLUMNS = List.of(
            Order::id,
            Order::reference,
            Order::state,
            order -> order.buyer().fullName(),
            order -> order.buyer().telephone(),
            order -> order.buyer().wilaya(),
            order -> order.buyer().commune(),
            Order::items,
            Order::total,
            Order::createdAt,
            Order::updatedAt);

    private static final String UPSERT = """
            insert into tidemark.feed_orders as o (store, id, reference, state, full_name, telephone, wilaya, commune,
                items, total, created_at, updated_at)
            select ?, id::bigint, reference, state, full_name, telephone, wilaya, commune,
                items::jsonb, total::numeric, created_at::timestamptz, updated_at::timestamptz
            from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                ?::text[], ?::text[]) as n(id, reference, state, full_name, telephone, wilaya, commune, items, total,
                created_at, updated_at)
            on conflict (store, id) do update set reference = excluded.reference, state = excluded.state,
                full_name = excluded.full_name, telephone = excluded.telephone, wilaya = excluded.wilaya,
                commune = excluded.commune, items = excluded.items, total = excluded.total,
                created_at = excluded.created_at, updated_at = excluded.updated_at
            where (o.updated_at is null or excluded.updated_at >= o.updated_at)
                and (o.reference, o.state, o.full_name, o.telephone, o.wilaya, o.commune, o.items, o.total,
                    o.created_at, o.updated_at)
                is distinct from (excluded.reference, excluded.state, excluded.full_name, excluded.telephone,
                    excluded.wilaya, excluded.commune, excluded.items, excluded.total, excluded.created_at,
                    excluded.updated_at)
            returning xmax = 0""";

    private OrderRows() {}

    /** Within the caller's transaction. */
    static Saved write(Connection connection, StoreId store, List<Order> orders) throws SQLException {
        if (orders.isEmpty()) {
            return Saved.NOTHING;
        }
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            upsert.setString(1, store.name());
            for (int column = 0; column < COLUMNS.size(); column++) {
                upsert.setArray(column + 2, connection.createArrayOf("text", texts(orders, COLUMNS.get(column))));
            }
            int added = 0;
            int changed = 0;
            try (ResultSet rows = upsert.executeQuery()) {
                while (rows.next()) {
                    if (rows.getBoolean(1)) {
                        added++;
                    } else {
                        changed++;
                    }
                }
            }
            return new Saved(added, changed);
        }
    }

    private static @Nullable Object[] texts(List<Order> orders, Function<Order, @Nullable Object> column) {
        @Nullable Object[] texts = new @Nullable Object[orders.size()];
        for (int i = 0; i < texts.length; i++) {
            Object value = column.apply(orders.get(i));
            texts[i] = value == null ? null : value.toString();
        }
        return texts;
    }
}
