#include "tests/support/http_client.h"

#include <array>
#include <cstdio>
#include <stdexcept>

namespace pdx::test {
namespace {

RawReply whole(std::optional<RawReply> reply, const HttpCall& call) {
    if (!reply || !reply->complete) {
        throw std::runtime_error(call.method + " " + call.path + ": no whole answer");
    }
    return *std::move(reply);
}

}  // namespace

HttpClient::HttpClient(std::uint16_t port, std::string token)
    : port_(port),
      token_(std::move(token)) {}

std::string HttpClient::head_of(const HttpCall& call, std::string_view framing) const {
    std::string head = call.method;
    const auto add = [&head](std::string_view name, std::string_view value) {
        head.append(name).append(": ").append(value).append("\r\n");
    };
    head.append(" ").append(call.path).append(" HTTP/1.1\r\n");
    add("Host", "localhost");
    add("Connection", "close");
    if (!token_.empty()) add("Authorization", "Bearer " + token_);
    for (const auto& [name, value] : call.headers) add(name, value);
    if (!framing.empty()) add("Content-Type", call.content_type);
    return head.append(framing).append("\r\n");
}

std::optional<RawReply> HttpClient::try_call(const HttpCall& call) const {
    const bool has_body = call.method != "GET" && call.method != "HEAD";
    const std::string framing =
        has_body ? "Content-Length: " + std::to_string(call.body.size()) + "\r\n" : std::string();
    try {
        RawClient client(port_);
        client.send(head_of(call, framing));
        // An early refusal closes while we send: the answer is read all the same.
        if (has_body) client.send(call.body);
        auto reply = client.reply(std::chrono::seconds(60), call.method == "HEAD");
        if (!reply || !reply->complete) return std::nullopt;
        return reply;
    } catch (const std::runtime_error&) {
        return std::nullopt;  // nobody listens
    }
}

RawReply HttpClient::call(const HttpCall& call) const { return whole(try_call(call), call); }

RawReply HttpClient::get(const std::string& path) const { return call({.path = path}); }

RawReply HttpClient::stream(const HttpCall& call, const Pieces& next) const {
    RawClient client(port_);
    bool open = client.send(head_of(call, "Transfer-Encoding: chunked\r\n"));
    for (std::string_view piece = next(); open && !piece.empty(); piece = next()) {
        std::array<char, 24> size{};
        std::snprintf(size.data(), size.size(), "%zx\r\n", piece.size());
        open = client.send(size.data()) && client.send(piece) && client.send("\r\n");
    }
    if (open) client.send("0\r\n\r\n");
    return whole(client.reply(std::chrono::seconds(60)), call);
}

}  // namespace pdx::test
