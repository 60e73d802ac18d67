-- SPDX-License-Identifier: Apache-2.0
-- The client of the program's language server: one for all chats. It is attached to chats some time
-- after they are shown, because loading |vim.lsp| takes some milliseconds, and ends and comes back
-- with the program. It never starts the program and shows no errors.
local M = {}

local api = vim.api
local process = require("chatvim.program.process")
local state = require("chatvim.chat.state")
local transport = require("chatvim.lsp.transport")

local NAME = "chatvim"
--- Limit for the server's answer to a question that the user waits for, in ms.
local LIMIT = 1000

--- Commands of the server that the plugin has its own commands for.
local COMMANDS = {
  ["chatvim.complete"] = "ChatvimComplete",
  ["chatvim.continue"] = "ChatvimComplete!",
  ["chatvim.retry"] = "ChatvimRetry",
  ["chatvim.stop"] = "ChatvimStop",
  ["chatvim.chooseModel"] = "ChatvimModel",
  ["chatvim.fork"] = "ChatvimFork",
}

---@type integer? the id of the last client
local ours
---@type string? the working folder that its server knows
local folder

--- Shows diagnostics of the server in place of those that `view/diagnostics.lua` has shown.
local function publish(err, result, ...)
  if result and vim.fn.bufexists(vim.uri_to_fname(result.uri)) == 1 then
    local buf = vim.uri_to_bufnr(result.uri)
    vim.diagnostic.reset(api.nvim_create_namespace("chatvim"), buf)
  end
  return vim.lsp.handlers["textDocument/publishDiagnostics"](err, result, ...)
end

---@return table
local function settings()
  return process.dictionary(require("chatvim.config").get().settings)
end

---@return vim.lsp.ClientConfig
local function config()
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  capabilities.general.positionEncodings = { "utf-8", "utf-16" }
  folder = vim.fn.getcwd()
  local commands = {}
  for name, command in pairs(COMMANDS) do
    commands[name] = function(_, context)
      if context.bufnr == api.nvim_get_current_buf() then
        vim.cmd(command)
      end
    end
  end
  return {
    name = NAME,
    cmd = transport.connect,
    root_dir = folder,
    capabilities = capabilities,
    -- The changes of an answer that is being written would pile up until its first pause.
    flags = { debounce_text_changes = 0 },
    commands = commands,
    handlers = { ["textDocument/publishDiagnostics"] = publish },
    init_options = { plugin = true, settings = settings() },
  }
end

--- Returns the client that is attached to a buffer, ours or one that the user has set up.
---@param buf integer
---@return vim.lsp.Client?
function M.find(buf)
  return package.loaded["vim.lsp"] and vim.lsp.get_clients({ bufnr = buf, name = NAME })[1]
end

--- Whether the server is asked about a buffer: it is a chat, or one may begin in it.
---@param buf integer
---@return boolean
function M.is_wanted(buf)
  local chat = state.find(buf)
  return chat ~= nil and (chat.shown or chat.begins or false)
end

--- Tells the server about another working folder, where it also looks for embeds.
local function change_folder()
  local client = ours and vim.lsp.get_client_by_id(ours)
  local new = vim.fn.getcwd()
  if client and folder and new ~= folder then
    client.rpc.notify("workspace/didChangeWorkspaceFolders", {
      event = {
        removed = { { uri = vim.uri_from_fname(folder), name = folder } },
        added = { { uri = vim.uri_from_fname(new), name = new } },
      },
    })
    folder = new
  end
end

--- Follows the working folder, and makes room for a client that the user has set up.
local function watch_editor()
  local group = api.nvim_create_augroup("chatvim.lsp", {})
  api.nvim_create_autocmd("DirChanged", {
    group = group,
    desc = "Chatvim: tell the language server about the working folder",
    callback = change_folder,
  })
  api.nvim_create_autocmd("LspAttach", {
    group = group,
    desc = "Chatvim: have one client for a chat",
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      local is_theirs = client and client.name == NAME and client.id ~= ours
      if is_theirs and ours and vim.lsp.buf_is_attached(event.buf, ours) then
        vim.lsp.buf_detach_client(event.buf, ours)
      end
    end,
  })
end

local function never()
  return false
end

--- Attaches the client to a buffer if the program is running, and again whenever it is started.
---@param buf integer
---@return boolean attached
function M.attach(buf)
  -- Two buffers without a name would be the same document.
  if not api.nvim_buf_is_loaded(buf) or not api.nvim_buf_get_name(buf):find("^/") then
    return false
  end
  state.attach(buf).language = true
  if M.find(buf) then
    return true
  elseif not process.info() then
    return false
  end
  if not ours then
    watch_editor()
  end
  local client = ours and vim.lsp.get_client_by_id(ours)
  if client and not client.rpc.is_closing() then
    return vim.lsp.buf_attach_client(buf, client.id)
  end
  ours = vim.lsp.start(config(), { bufnr = buf, silent = true, reuse_client = never }) or ours
  return true
end

--- Attaches the client to the current buffer if it is not attached yet, starts the program if it
--- has ended, and waits up to a second.
---@return vim.lsp.Client?
function M.ready()
  local buf = api.nvim_get_current_buf()
  local client
  process.warm({ settings = settings() })
  if M.attach(buf) then
    vim.wait(LIMIT, function()
      client = M.find(buf)
      return client ~= nil
    end, 5)
  end
  return client
end

--- Asks the server about the cursor's position, and waits for the result up to a second. Nil if
--- there is no server or the buffer is not a chat.
---@param method string
---@param more? table further parameters
---@return any result
function M.ask(method, more)
  local buf = api.nvim_get_current_buf()
  local client = M.ready()
  if not client then
    return
  end
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  local done, result = false, nil
  local arguments = {
    method,
    vim.tbl_extend("force", params, more or {}),
    function(_, reply)
      done, result = true, reply
    end,
    buf,
  }
  if vim.fn.has("nvim-0.11") == 1 then
    table.insert(arguments, 1, client)
  end
  local request = client.request --[[@as fun(...: any): boolean, integer?]]
  request(unpack(arguments, 1, 5))
  vim.wait(LIMIT, function()
    return done or client.rpc.is_closing()
  end, 5)
  return result
end

--- Lists the messages of the current chat, as Neovim lists the symbols of a language server.
function M.outline()
  if M.ready() then
    vim.lsp.buf.document_symbol()
  else
    require("chatvim.notify").show("the chatvim program is needed to list messages", "warn")
  end
end

process.handle_language(function(name, fields)
  transport.handle(name, fields)
  if name == "start" then
    vim.schedule(function()
      for _, chat in ipairs(state.all()) do
        if chat.language then
          M.attach(chat.buf)
        end
      end
    end)
  end
end)

return M
