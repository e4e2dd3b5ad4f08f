#include "tests/support/tls_server.h"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Timespan.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace pdx::test {
namespace {

namespace fs = std::filesystem;

void must(bool holds, const char* what) {
    if (!holds) throw std::runtime_error(std::string("TLS identity: ") + what);
}

struct File {
    explicit File(const fs::path& path) : handle(std::fopen(path.c_str(), "w")) {
        must(handle != nullptr, "open");
    }
    ~File() { std::fclose(handle); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    std::FILE* handle;
};

/// A certificate that signs itself, so that it is its own authority.
void write_identity(const fs::path& folder, const TlsIdentity& identity) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                  EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    must(key && certificate, "make");
    X509* const x509 = certificate.get();
    must(X509_set_version(x509, X509_VERSION_3) == 1, "version");
    must(ASN1_INTEGER_set(X509_get_serialNumber(x509), 1) == 1, "serial");
    must(X509_gmtime_adj(X509_getm_notBefore(x509), identity.valid_from) != nullptr, "from");
    must(X509_gmtime_adj(X509_getm_notAfter(x509), identity.valid_to) != nullptr, "to");
    must(X509_set_pubkey(x509, key.get()) == 1, "key");
    X509_NAME* const name = X509_get_subject_name(x509);
    must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                    reinterpret_cast<const unsigned char*>(identity.name.c_str()),
                                    -1, -1, 0) == 1,
         "name");
    must(X509_set_issuer_name(x509, name) == 1, "issuer");
    const std::string names = "DNS:" + identity.name;
    for (const auto& [id, value] : {std::pair<int, std::string>{NID_subject_alt_name, names},
                                    {NID_basic_constraints, "critical,CA:TRUE"}}) {
        X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str());
        must(extension != nullptr && X509_add_ext(x509, extension, -1) == 1, "extension");
        X509_EXTENSION_free(extension);
    }
    must(X509_sign(x509, key.get(), EVP_sha256()) > 0, "sign");
    const File key_file(folder / "key.pem");
    must(PEM_write_PrivateKey(key_file.handle, key.get(), nullptr, nullptr, 0, nullptr, nullptr) ==
             1,
         "write");
    const File certificate_file(folder / "certificate.pem");
    must(PEM_write_X509(certificate_file.handle, x509) == 1, "write");
}

}  // namespace

struct TlsServer::Socket {
    explicit Socket(const fs::path& folder)
        : listener(
              Poco::Net::SocketAddress("127.0.0.1", 0), 16,
              Poco::Net::Context::Ptr(new Poco::Net::Context(
                  Poco::Net::Context::TLS_SERVER_USE, (folder / "key.pem").string(),
                  (folder / "certificate.pem").string(), "", Poco::Net::Context::VERIFY_NONE))) {}
    Poco::Net::SecureServerSocket listener;
};

TlsServer::TlsServer(const fs::path& folder, const TlsIdentity& identity, std::string body)
    : folder_(folder),
      body_(std::move(body)) {
    write_identity(folder_, identity);
    socket_ = std::make_unique<Socket>(folder_);
    thread_ = std::thread([this] { serve(); });
}

TlsServer::~TlsServer() {
    stopping_ = true;
    thread_.join();
}

std::uint16_t TlsServer::port() const { return socket_->listener.address().port(); }

fs::path TlsServer::certificate() const { return folder_ / "certificate.pem"; }

void TlsServer::serve() {
    const Poco::Timespan patience(0, 20'000);
    while (!stopping_) {
        if (!socket_->listener.poll(patience, Poco::Net::Socket::SELECT_READ)) continue;
        try {
            Poco::Net::StreamSocket peer = socket_->listener.acceptConnection();
            peer.setReceiveTimeout(Poco::Timespan(5, 0));
            std::string request;
            std::array<char, 4096> piece{};
            while (request.find("\r\n\r\n") == std::string::npos) {
                const int count = peer.receiveBytes(piece.data(), static_cast<int>(piece.size()));
                if (count <= 0) break;
                request.append(piece.data(), static_cast<std::size_t>(count));
            }
            if (request.empty()) continue;
            ++answered_;
            const std::string answer =
                "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body_.size()) +
                "\r\nConnection: close\r\n\r\n" + body_;
            peer.sendBytes(answer.data(), static_cast<int>(answer.size()));
            peer.shutdown();
        } catch (const Poco::Exception&) {
            // The client did not trust us, or has gone.
        }
    }
}

}  // namespace pdx::test
