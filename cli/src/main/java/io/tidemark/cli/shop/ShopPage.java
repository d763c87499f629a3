package io.tidemark.cli.shop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the shop's application computes from the database and keeps in Redis, once for each shop. Which changes make it
 * stale stands in the shop's pipeline file.
 */
public enum ShopPage {
    DASHBOARD("""
            select jsonb_build_object(
                'products', (select count(*) from products where shop_id = s.id),
                'stock', (select coalesce(sum(stock), 0) from products where shop_id = s.id),
                'stockValue', (select coalesce(sum(stock * cost), 0) from products where shop_id = s.id),
                'bills', (select count(*) from bills where shop_id = s.id),
                'sold', (select coalesce(sum(total), 0) from bills where shop_id = s.id))
            from shops s where s.id = ?""", "dashboard", "analytics", "reports", "metrics"),
    CATALOG("""
            select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'price', p.price) order by p.id)
            from (select id, name, price from products where shop_id = ? and active order by id limit 100) p""", "products", "catalog"),
    CUSTOMER_LIST("""
            select jsonb_agg(jsonb_build_object('id', c.id, 'points', c.loyalty_points) order by c.id)
            from (select id, loyalty_points from customers where shop_id = ? order by id limit 100) c""", "customers", "contacts", "relationships"),
    EMPLOYEE_LIST("""
            select jsonb_agg(jsonb_build_object('id', e.id, 'role', e.role, 'pay', e.hourly_pay) order by e.id)
            from employees e where e.shop_id = ?""", "employees", "staff", "users"),
    REVENUE("""
            select jsonb_build_object('paid', count(*) filter (where status = 'paid'), 'revenue', coalesce(sum(total), 0))
            from bills where shop_id = ?""", "bills", "orders", "transactions", "revenue");

    private final String sql;
    private final List<String> subjects;

    ShopPage(String sql, String... subjects) {
        this.sql = sql;
        this.subjects = List.of(subjects);
    }

    /** Computes it as JSON text; its parameter is the shop. No row or a null says that there is nothing. */
    public String sql() {
        return sql;
    }

    /** Patterns of the keys of all pages. */
    public static List<String> keyPatterns() {
        return Arrays.stream(values()).map(ShopPage::pattern).toList();
    }

    private String pattern() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-') + ":*";
    }

    /** Where it is kept: {@code dashboard:7}. */
    public String key(int shop) {
        return name().toLowerCase(Locale.ROOT).replace('_', '-') + ":" + shop;
    }

    /** By what it is invalidated: {@code shop:7:dashboard} and the like, and {@code shop:7} by a person. */
    public String[] tags(int shop) {
        List<String> tags = new ArrayList<>();
        subjects.forEach(subject -> tags.add("shop:" + shop + ":" + subject));
        tags.add("shop:" + shop);
        return tags.toArray(String[]::new);
    }
}
