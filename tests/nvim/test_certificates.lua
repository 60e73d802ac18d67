-- SPDX-License-Identifier: Apache-2.0
-- The program uses the certificate variables of Neovim's environment.
local case = require("helpers.case")
local replies = require("helpers.replies")
local standins = require("helpers.standin")
local eq = MiniTest.expect.equality

local T = case.set()

local VARIABLES = { "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR" }

T["the program trusts CURL_CA_BUNDLE or SSL_CERT_FILE of Neovim's environment"] = function()
  for _, variable in ipairs({ "CURL_CA_BUNDLE", "SSL_CERT_FILE" }) do
    local secure = standins.start({ tls = true })
    secure:script({ replies.answer("trusted") })
    local config = case.config():gsub("http://127%.0%.0%.1:%d+", function()
      return "https://127.0.0.1:" .. secure.port
    end)
    local env = {}
    for _, name in ipairs(VARIABLES) do
      env[name] = name == variable and secure.ca_file or false
    end
    local child = case.child({ config = config, env = env })
    child:chat("Q\n")
    child:complete()
    eq({ child:events("ChatvimEnd")[1].outcome, child:messages() }, { "done", "" })
  end
end

return T
