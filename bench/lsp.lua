-- SPDX-License-Identifier: Apache-2.0
-- Measures the language server on a chat of 5 MB, over standard input and output.
local measure = require("measure")
local statistics = require("statistics")
local texts = require("texts")

local M = {}

local uri = "file:///tmp/chatvim-bench/large.md"
local document = { uri = uri }

--- Starts the server; returns functions that send and wait.
local function start()
  local client = vim.lsp.rpc.start({ assert(vim.env.CHATVIM_PROGRAM), "lsp" }, {
    notification = function() end,
    server_request = function()
      return vim.NIL
    end,
  })
  local function request(method, params)
    local done
    client.request(method, params, function(err, result)
      done = { err = err, result = result }
    end)
    assert(vim.wait(30000, function()
      return done ~= nil
    end, 0))
    assert(not done.err, vim.inspect(done.err))
    return done.result
  end
  request("initialize", {
    capabilities = { general = { positionEncodings = { "utf-8" } } },
    rootUri = vim.NIL,
    processId = vim.NIL,
  })
  client.notify("initialized", vim.empty_dict())
  return client, request
end

local function show(times)
  return ("%.2f ms, 95 %%: %.2f"):format(statistics.median(times), statistics.quantile(times, 0.95))
end

---@param count integer
---@param run fun(index: integer)
---@return number[] milliseconds
local function time(count, run)
  local times = {}
  for index = 1, count do
    local begun = vim.uv.hrtime()
    run(index)
    table.insert(times, (vim.uv.hrtime() - begun) / 1e6)
  end
  return times
end

function M.run()
  local client, request = start()
  local lines = texts.large_chat(5)
  table.insert(lines, 1, "+++")
  table.insert(lines, 2, 'model = ""')
  table.insert(lines, 3, "+++")
  local middle = math.floor(#lines / 2)
  client.notify("textDocument/didOpen", {
    textDocument = {
      uri = uri,
      languageId = "markdown",
      version = 1,
      text = table.concat(lines, "\n"),
    },
  })
  local function at(line, character)
    return { textDocument = document, position = { line = line, character = character } }
  end
  request("textDocument/hover", at(1, 1))
  -- The answer to a question about an unknown document says that the key has been handled.
  local nothing =
    { textDocument = { uri = "file:///none" }, position = { line = 0, character = 0 } }
  local keys = time(500, function(index)
    local place = { line = (middle + index * 97) % #lines, character = 0 }
    client.notify("textDocument/didChange", {
      textDocument = { uri = uri, version = index + 1 },
      contentChanges = {
        { range = { start = place, ["end"] = place }, text = index % 7 == 0 and "\n" or "x" },
      },
    })
    request("textDocument/hover", nothing)
  end)
  measure.report("5 MB chat, language server: a key", show(keys), "95 %: 5")
  measure.report(
    "  completion of a model",
    show(time(50, function()
      request("textDocument/completion", at(1, 9))
    end))
  )
  measure.report(
    "  hover",
    show(time(50, function()
      request("textDocument/hover", at(1, 2))
    end))
  )
  measure.report(
    "  symbols",
    show(time(10, function()
      request("textDocument/documentSymbol", { textDocument = document })
    end))
  )
  request("shutdown", vim.NIL)
  client.notify("exit", vim.NIL)
end

return M
