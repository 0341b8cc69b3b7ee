#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include "base/ip_address.h"

// A client that sends bytes as they are, so that tests can send what no HTTP library would.
namespace sallyport::api::testing_client {

namespace asio = boost::asio;

struct Answer {
  int status = 0;    // 0: the connection ended, or nothing came in time
  std::string head;  // with the status line
  std::string body;
  bool has(std::string_view text) const { return head.find(text) != std::string::npos; }
};

// Every read gives up after ten seconds: a bound, never something a test waits for on purpose.
template <class Stream>
class Client {
 public:
  template <class... Args>
  explicit Client(Args&&... args) : stream_(io_, std::forward<Args>(args)...) {}

  auto& socket() { return stream_.lowest_layer(); }
  Stream& stream() { return stream_; }

  // False when the peer has closed.
  bool send(std::string_view text) {
    boost::system::error_code error;
    asio::write(stream_, asio::buffer(text), error);
    return !error;
  }

  // Reads one answer, with the body its Content-Length announces unless `to_head`.
  Answer receive(bool to_head = false) {
    Answer answer;
    while (held_.find("\r\n\r\n") == std::string::npos) {
      if (!read_more()) return answer;
    }
    const std::size_t end = held_.find("\r\n\r\n") + 4;
    answer.head = held_.substr(0, end);
    held_.erase(0, end);
    std::size_t length = 0;
    if (const std::size_t at = answer.head.find("Content-Length: "); at != std::string::npos && !to_head) {
      length = std::stoul(answer.head.substr(at + 16));
    }
    while (held_.size() < length) {
      if (!read_more()) return {};
    }
    answer.body = held_.substr(0, length);
    held_.erase(0, length);
    answer.status = std::stoi(answer.head.substr(9, 3));
    return answer;
  }

  Answer exchange(std::string_view text) {
    send(text);
    return receive();
  }

  // Whether the peer closes without another byte.
  bool ends() { return held_.empty() && !read_more() && ended_; }

 private:
  bool read_more() {
    std::string chunk(16 * 1024, '\0');
    std::size_t count = 0;
    bool done = false;
    boost::system::error_code error;
    stream_.async_read_some(asio::buffer(chunk), [&](const boost::system::error_code& result, std::size_t read) {
      done = true;
      error = result;
      count = read;
    });
    io_.restart();
    io_.run_for(std::chrono::seconds(10));
    if (!done) {
      boost::system::error_code ignored;
      socket().close(ignored);
      io_.restart();
      io_.run();
      return false;
    }
    ended_ = static_cast<bool>(error);
    held_.append(chunk, 0, count);
    return count > 0;
  }

  asio::io_context io_;
  Stream stream_;
  std::string held_;
  bool ended_ = false;
};

using TcpClient = Client<asio::ip::tcp::socket>;
using UnixClient = Client<asio::local::stream_protocol::socket>;
using TlsClient = Client<asio::ssl::stream<asio::ip::tcp::socket>>;

inline asio::ip::tcp::endpoint endpoint_of(const base::SocketAddress& at) {
  return {asio::ip::address_v4(at.address.v4_value()), at.port};
}

inline std::unique_ptr<TcpClient> connect(const base::SocketAddress& at) {
  auto client = std::make_unique<TcpClient>();
  client->socket().connect(endpoint_of(at));
  return client;
}

// Writes a new P-256 key and a certificate of its own for "localhost".
inline bool write_certificate(const std::string& cert_file, const std::string& key_file) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> cert(X509_new(), X509_free);
  ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), 3600);
  X509_set_pubkey(cert.get(), key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(cert.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(cert.get(), X509_get_subject_name(cert.get()));
  const std::unique_ptr<BIO, decltype(&BIO_free)> key_out(BIO_new_file(key_file.c_str(), "w"), BIO_free);
  const std::unique_ptr<BIO, decltype(&BIO_free)> cert_out(BIO_new_file(cert_file.c_str(), "w"), BIO_free);
  return X509_sign(cert.get(), key.get(), EVP_sha256()) > 0 &&
         PEM_write_bio_PrivateKey(key_out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1 &&
         PEM_write_bio_X509(cert_out.get(), cert.get()) == 1;
}

}  // namespace sallyport::api::testing_client
