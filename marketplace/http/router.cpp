#include "marketplace/http/router.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/check.h"

namespace pdx::http {
namespace {

bool is_parameter(std::string_view segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool is_rest(std::string_view segment) {
    return is_parameter(segment) && segment.size() > 5 &&
           segment.substr(segment.size() - 4, 3) == "...";
}

std::string_view parameter_name(std::string_view segment) {
    const bool rest = is_rest(segment);
    segment.remove_prefix(1);
    segment.remove_suffix(rest ? 4 : 1);
    return segment;
}

std::vector<std::string_view> segments_of(std::string_view path) {
    std::vector<std::string_view> segments;
    path.remove_prefix(1);
    while (true) {
        const std::size_t slash = path.find('/');
        segments.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return segments;
        path.remove_prefix(slash + 1);
    }
}

void check_row(const Route& route) {
    PDX_CHECK(!route.path.empty() && route.path.front() == '/');
    PDX_CHECK(!route.operation_id.empty() && !route.summary.en.empty() &&
              !route.summary.zh.empty());
    PDX_CHECK(route.handler != nullptr);
    PDX_CHECK(route.method == "GET" || route.method == "POST" || route.method == "PUT" ||
              route.method == "PATCH" || route.method == "DELETE");
    PDX_CHECK((route.body == BodyMode::kJson) == (route.request_schema != nullptr));
    PDX_CHECK((route.body == BodyMode::kStream) == !route.upload_types.empty());
    if (route.cross_origin) PDX_CHECK(route.method == "GET" && route.access.is_open());
    if (route.method == "GET") PDX_CHECK(route.body == BodyMode::kNone && !route.write);
    const auto segments = segments_of(route.path);
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        if (is_rest(segments[i])) PDX_CHECK(i + 1 == segments.size());
        if (is_parameter(segments[i])) PDX_CHECK(names.insert(parameter_name(segments[i])).second);
    }
}

}  // namespace

struct Router::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> parameter;
    std::unique_ptr<Node> rest;
    std::map<std::string_view, const Route*> by_method;

    /// The deepest node that takes all segments from `at`, literals first.
    const Node* find(const std::vector<std::string>& segments, std::size_t at,
                     std::vector<std::string>& values) const {
        if (at == segments.size()) return by_method.empty() ? nullptr : this;
        if (const auto literal = literals.find(segments[at]); literal != literals.end()) {
            if (const Node* found = literal->second->find(segments, at + 1, values)) return found;
        }
        if (parameter && !segments[at].empty()) {
            values.push_back(segments[at]);
            if (const Node* found = parameter->find(segments, at + 1, values)) return found;
            values.pop_back();
        }
        if (!rest) return nullptr;
        std::string joined = segments[at];
        for (std::size_t i = at + 1; i < segments.size(); ++i) joined += "/" + segments[i];
        values.push_back(std::move(joined));
        return rest.get();
    }
};

Router::Router(std::vector<Route> routes)
    : routes_(std::move(routes)),
      root_(std::make_unique<Node>()) {
    std::set<std::string_view> operations;
    for (const Route& route : routes_) {
        check_row(route);
        PDX_CHECK(operations.insert(route.operation_id).second);
        add(route);
    }
}

Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(const Route& route) {
    Node* node = root_.get();
    for (const std::string_view segment : segments_of(route.path)) {
        std::unique_ptr<Node>& next = is_rest(segment) ? node->rest
                                      : is_parameter(segment)
                                          ? node->parameter
                                          : node->literals[std::string(segment)];
        if (!next) next = std::make_unique<Node>();
        node = next.get();
    }
    PDX_CHECK(node->by_method.emplace(route.method, &route).second);
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
    Match match;
    const auto segments = split_path(path);
    if (!segments) return match;
    std::vector<std::string> values;
    const Node* node = root_->find(*segments, 0, values);
    if (node == nullptr) return match;
    match.cross_origin = std::any_of(node->by_method.begin(), node->by_method.end(),
                                     [](const auto& row) { return row.second->cross_origin; });
    const auto found = node->by_method.find(method == "HEAD" ? "GET" : method);
    if (found == node->by_method.end()) {
        for (const auto& [known, route] : node->by_method) {
            if (!match.allowed.empty()) match.allowed += ", ";
            match.allowed += known;
            if (known == "GET") match.allowed += ", HEAD";
        }
        return match;
    }
    match.route = found->second;
    const auto names = parameters_of(match.route->path);
    PDX_CHECK(names.size() == values.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        match.parameters.emplace(names[i], std::move(values[i]));
    }
    return match;
}

std::vector<std::string_view> parameters_of(std::string_view path_template) {
    std::vector<std::string_view> names;
    for (const std::string_view segment : segments_of(path_template)) {
        if (is_parameter(segment)) names.push_back(parameter_name(segment));
    }
    return names;
}

}  // namespace pdx::http
