#!/usr/bin/python3
"""Reads exported event files with protobuf's own parser and crc32c's own sums, and says what is in them, one line an item.

The messages are described here from the numbers in TensorFlow's and the HParams plugin's .proto files; nothing is shared with the writer.
Needs Debian's python3-protobuf and python3-crc32c.
usage: read_tensorboard.py FOLDER
"""
import os
import struct
import sys

import crc32c
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, struct_pb2

F = descriptor_pb2.FieldDescriptorProto
PLAIN = {"double": F.TYPE_DOUBLE, "float": F.TYPE_FLOAT, "int64": F.TYPE_INT64, "int32": F.TYPE_INT32, "string": F.TYPE_STRING, "bytes": F.TYPE_BYTES}

# message: {field: (number, type, repeated)}
MESSAGES = {
    "Dim": {"size": (1, "int64", False)},
    "Shape": {"dim": (2, "Dim", True)},
    "Tensor": {"dtype": (1, "int32", False), "tensor_shape": (2, "Shape", False), "float_val": (5, "float", True)},
    "PluginData": {"plugin_name": (1, "string", False), "content": (2, "bytes", False)},
    "Metadata": {"plugin_data": (1, "PluginData", False)},
    "Value": {"tag": (1, "string", False), "simple_value": (2, "float", False), "tensor": (8, "Tensor", False), "metadata": (9, "Metadata", False)},
    "Summary": {"value": (1, "Value", True)},
    "Event": {"wall_time": (1, "double", False), "step": (2, "int64", False), "file_version": (3, "string", False), "summary": (5, "Summary", False)},
    "HParamEntry": {"key": (1, "string", False), "value": (2, "google.protobuf.Value", False)},
    "SessionStart": {"hparams": (1, "HParamEntry", True), "group_name": (4, "string", False), "start_time_secs": (5, "double", False)},
    "SessionEnd": {"status": (1, "int32", False), "end_time_secs": (2, "double", False)},
    "HParamInfo": {"name": (1, "string", False), "type": (4, "int32", False)},
    "MetricName": {"group": (1, "string", False), "tag": (2, "string", False)},
    "MetricInfo": {"name": (1, "MetricName", False)},
    "Experiment": {"description": (2, "string", False), "hparam_infos": (4, "HParamInfo", True), "metric_infos": (5, "MetricInfo", True)},
    "HParams": {"version": (1, "int32", False), "experiment": (2, "Experiment", False), "session_start_info": (3, "SessionStart", False),
                "session_end_info": (4, "SessionEnd", False)},
}


def classes():
    file = descriptor_pb2.FileDescriptorProto(name="reader.proto", package="reader", syntax="proto3", dependency=["google/protobuf/struct.proto"])
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, (number, kind, repeated) in fields.items():
            made = message.field.add(name=field, number=number, label=F.LABEL_REPEATED if repeated else F.LABEL_OPTIONAL)
            if kind in PLAIN:
                made.type = PLAIN[kind]
            else:
                made.type = F.TYPE_MESSAGE
                made.type_name = "." + kind if "." in kind else ".reader." + kind
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(struct_pb2.DESCRIPTOR.serialized_pb)
    pool.Add(file)
    get = getattr(message_factory, "GetMessageClass", None) or message_factory.MessageFactory(pool).GetPrototype
    return {name: get(pool.FindMessageTypeByName("reader." + name)) for name in ("Event", "HParams")}


def masked(data):
    crc = crc32c.crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(path):
    data = open(path, "rb").read()
    at = 0
    while at < len(data):
        (length,) = struct.unpack_from("<Q", data, at)
        assert struct.unpack_from("<I", data, at + 8)[0] == masked(data[at:at + 8]), "sum of a length"
        body = data[at + 12:at + 12 + length]
        assert len(body) == length, "truncated"
        assert struct.unpack_from("<I", data, at + 12 + length)[0] == masked(body), "sum of the data"
        yield body
        at += 16 + length


def settings(entries):
    return " ".join(f"{e.key}={e.value.string_value if e.value.HasField('string_value') else repr(e.value.number_value)}" for e in entries)


def describe(tag, content, HParams):
    hparams = HParams.FromString(content)
    assert hparams.version == 0
    if hparams.HasField("experiment"):
        e = hparams.experiment
        return "experiment {}; {}; {}".format(e.description, " ".join(f"{h.name}:{h.type}" for h in e.hparam_infos),
                                              " ".join(m.name.group + m.name.tag for m in e.metric_infos))
    if hparams.HasField("session_start_info"):
        s = hparams.session_start_info
        return f"start {s.group_name}; {settings(s.hparams)}; {s.start_time_secs:.3f}"
    s = hparams.session_end_info
    return f"end {s.status} {s.end_time_secs:.3f}"


def main(folder):
    known = classes()
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            print("file", os.path.relpath(os.path.join(parent, name), folder))
            for body in records(os.path.join(parent, name)):
                event = known["Event"].FromString(body)
                if event.file_version:
                    print("version", event.file_version)
                for value in event.summary.value:
                    if value.HasField("metadata"):
                        assert value.metadata.plugin_data.plugin_name == "hparams"
                        assert value.tensor.dtype == 1 and [d.size for d in value.tensor.tensor_shape.dim] == [1] and list(value.tensor.float_val) == [0.0]
                        assert value.tag.startswith("_hparams_/")
                        print(value.tag[len("_hparams_/"):], describe(value.tag, value.metadata.plugin_data.content, known["HParams"]))
                    else:
                        print(f"{event.step} {value.tag} {value.simple_value:.9g}")


main(sys.argv[1])
