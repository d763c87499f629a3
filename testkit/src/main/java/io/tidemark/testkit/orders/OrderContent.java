package io.tidemark.testkit.orders;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** What stands in an order: worked out from a seed whenever it is asked for, never kept. Immutable. */
final class OrderContent {
    private static final List<String> STATES =
            List.of("pending", "confirmed", "shipped", "delivered", "returned", "cancelled");
    private static final List<String> FIRST_NAMES =
            List.of("Amine", "Yasmine", "Karim", "Lina", "Sofiane", "Nour", "Mehdi", "Ines", "Walid", "Sarah");
    private static final List<String> LAST_NAMES =
            List.of("Benali", "Haddad", "Meziane", "Kaci", "Bouzid", "Saadi", "Rahmani", "Ziani", "Cherif", "Toumi");
    private static final List<String> WILAYAS =
            List.of("Alger", "Oran", "Constantine", "Annaba", "Blida", "Sétif", "Tlemcen", "Béjaïa");
    private static final List<String> GOODS = List.of("Savon", "Huile d'argan", "Miel", "Dattes", "Tapis", "Théière");

    private final long seed;
    private final String store;

    OrderContent(long seed, String store) {
        this.seed = seed;
        this.store = store;
    }

    /** @param revision how often the order was edited */
    ObjectNode order(int id, int revision, Instant createdAt, Instant updatedAt) {
        ObjectNode order = JsonNodeFactory.instance.objectNode();
        order.put("id", id);
        order.put("reference", store + id);
        order.put("order_state_name", state(id, revision));
        order.put("full_name", pick(FIRST_NAMES, id, 1) + " " + pick(LAST_NAMES, id, 2));
        order.put("telephone", telephone(id));
        order.put("wilaya", pick(WILAYAS, id, 3));
        order.put("commune", pick(WILAYAS, id, 4));
        ArrayNode items = order.putArray("items");
        BigDecimal total = BigDecimal.ZERO;
        int lines = 1 + number(id, 5, 3);
        for (int line = 0; line < lines; line++) {
            int quantity = 1 + number(id, 10 + line, 4);
            BigDecimal price = BigDecimal.valueOf(10_000L + number(id, 20 + line, 900_000), 2);
            int product = 1 + number(id, 30 + line, 5_000);
            items.addObject()
                    .put("product_id", product)
                    .put("title", pick(GOODS, id, 40 + line))
                    .put("quantity", quantity)
                    .put("sku", "SKU-" + product)
                    .put("unit_price", price);
            total = total.add(price.multiply(BigDecimal.valueOf(quantity)));
        }
        order.put("total", total);
        order.put("created_at", createdAt.toString());
        order.put("updated_at", updatedAt.toString());
        return order;
    }

    String state(int id, int revision) {
        return STATES.get((number(id, 6, STATES.size()) + revision) % STATES.size());
    }

    /** Every telephone number of a store is of this form, so that a search of a log finds them. */
    String telephone(int id) {
        return "0555-" + String.format("%07d", number(id, 7, 10_000_000));
    }

    private String pick(List<String> from, int id, int what) {
        return from.get(number(id, what, from.size()));
    }

    /** From 0 up to, not including, the bound. */
    int number(int id, int what, int bound) {
        long mixed =
                seed * 0x9E3779B97F4A7C15L + store.hashCode() * 0xC2B2AE3D27D4EB4FL + id * 0x165667B19E3779F9L + what;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return (int) Long.remainderUnsigned(mixed ^ (mixed >>> 31), bound);
    }
}
